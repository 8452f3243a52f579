package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * MindEye2's generator against tests/fixtures/make/tiny_unclip_xl.py, and its second stage; without
 * MindEye2's settings it is among {@link FamiliesContractTest}.
 */
class UnclipXlTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion");
  private static final Path PACK = FOLDER.resolve("tiny-unclip-xl");

  private static DiffusionPipeline open(String pack, String profile) {
    return DiffusionPipeline.open(
        ModelPack.open(FOLDER.resolve(pack)),
        OnnxOptions.SINGLE_THREADED,
        Profiles.registry().get(profile));
  }

  private static EmbeddingRequest request(JsonNode told, String name, Safetensors file) {
    List<Long> seeds = new ArrayList<>();
    told.get("seeds").forEach(s -> seeds.add(s.asLong()));
    return EmbeddingRequest.of(
        file.read(name + "embeddings"),
        seeds,
        SamplingPlan.of(told.get("steps").asInt(), told.get("guidance").asDouble()));
  }

  @Test
  void everyCallAndThePicturesOfMindEye2AreThoseOfTheFormulas() throws IOException {
    JsonNode index = new ObjectMapper().readTree(PACK.resolve("mindeye2.json").toFile());
    assertEquals(2, index.size());
    try (DiffusionPipeline p = open("tiny-unclip-xl", "mindeye2");
        Safetensors file = Safetensors.open(PACK.resolve("mindeye2.safetensors"))) {
      for (int i = 0; i < index.size(); i++) {
        String name = String.format("%02d/", i);
        Trajectory calls = new Trajectory(p.scheduler());
        Pictures made = p.generate(request(index.get(i), name, file), calls, Progress.NONE);
        calls.assertFollows(file.read(name + "trajectory"), "mindeye2 " + name);
        long[] image = file.readLongs(name + "image").array();
        int at = 0;
        for (var picture : made.images()) {
          for (byte value : picture.rgb()) {
            assertTrue(Math.abs(image[at++] - (value & 0xff)) <= 2, name);
          }
        }
        assertEquals(image.length, at);
      }
    }
  }

  @Test
  void tokensInOneRowAreTheSame() {
    try (DiffusionPipeline p = open("tiny-unclip-xl", "usual")) {
      OfTokens flat = new OfTokens(p, 6);
      assertEquals(72, flat.space().dim());
      SamplingPlan plan = SamplingPlan.of(2, 3);
      float[] row = new float[72];
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) Math.sin(i);
      }
      assertEquals(
          p.generate(
                  EmbeddingRequest.of(Tensor.wrap(row.clone(), 1, 6, 12), List.of(2L), plan),
                  Progress.NONE)
              .latents(),
          flat.generate(
                  EmbeddingRequest.of(Tensor.wrap(row, 1, 72), List.of(2L), plan), Progress.NONE)
              .latents());
    }
  }

  @Test
  void sizesAreSeenAsCosinesThenSines() {
    float[] out = UnclipXlFamily.sinusoids(new int[] {768, 0}, 4);
    assertEquals(Math.cos(768), out[0], 1e-6);
    assertEquals(Math.cos(7.68), out[1], 1e-6);
    assertEquals(Math.sin(7.68), out[3], 1e-6);
    assertEquals(1, out[4]);
    assertEquals(0, out[7]);
  }

  @Test
  void tokensAndPacksOfAnotherShapeAreRefused() throws IOException {
    try (DiffusionPipeline p = open("tiny-unclip-xl", "usual")) {
      assertEquals(12, p.space().dim());
      RecipeException tokens =
          assertThrows(
              RecipeException.class,
              () ->
                  p.generate(
                      EmbeddingRequest.of(
                          Tensor.zeros(1, 7, 12), List.of(1L), SamplingPlan.of(2, 1)),
                      Progress.NONE));
      assertTrue(tokens.getMessage().contains("reads 6"), tokens.getMessage());
    }
    assertThrows(RecipeException.class, () -> open("tiny-kandinsky", "mindeye2"));
    ModelException graph =
        assertThrows(ModelException.class, () -> openAs("tiny-controlnet", "unclip-xl"));
    assertTrue(graph.getMessage().contains("'vector'"), graph.getMessage());
  }

  /** A pack that says it is of another kind. */
  private static void openAs(String pack, String kind) throws IOException {
    Path copy = Files.createTempDirectory("pack");
    Path from = FOLDER.resolve(pack);
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    Path manifest = copy.resolve(ModelPack.MANIFEST);
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replaceFirst("\"kind\": \"[^\"]*\"", "\"kind\": \"" + kind + "\""));
    DiffusionPipeline.open(ModelPack.open(copy), OnnxOptions.SINGLE_THREADED).close();
  }

  @Test
  void theSecondStageReadsTheFirstPictureAndItsCaption() {
    DiffusionPipeline refiner = open("tiny-stable-diffusion-xl", "mindeye2-refine");
    try (Refined both = new Refined(open("tiny-unclip-xl", "mindeye2"), refiner, refiner.plan())) {
      SamplingPlan plan = SamplingPlan.of(3, 5);
      Tensor tokens = Tensor.zeros(1, 6, 12).map(v -> 0.5);
      EmbeddingRequest request =
          EmbeddingRequest.of(tokens, List.of(4L), plan).withCaptions(List.of("the cat"));
      Pictures made = both.generate(request, Progress.NONE);
      assertEquals(made.latents(), both.generate(request, Progress.NONE).latents());
      Pictures first =
          both.generator().generate(EmbeddingRequest.of(tokens, List.of(4L), plan), Progress.NONE);
      Pictures byHand =
          both.refiner()
              .generate(
                  new PictureRequest(
                      List.of("the cat"),
                      refiner.negative(),
                      List.of(4L),
                      new SamplingPlan(25, 5, 0, 13.0 / 25),
                      Optional.of(both.refiner().start(first.images()))),
                  Progress.NONE);
      assertEquals(byHand.latents(), made.latents());
      assertNotEquals(
          made.latents(),
          both.generate(request.withCaptions(List.of("a dog")), Progress.NONE).latents());
      assertTrue(both.facts().get("refined by").contains("25 steps"), both.facts().toString());
      assertTrue(both.facts().get("refined by").contains("extra fingers"), "MindEye2's own");
      assertNotEquals(
          made.latents(),
          new Refined(both.generator(), false, refiner, refiner.plan(), "")
              .generate(request, Progress.NONE)
              .latents(),
          "with nothing that it should not show");
      SamplingPlan shorter = new SamplingPlan(4, 3, 0, 0.5);
      assertEquals(
          both.refiner()
              .generate(
                  new PictureRequest(
                      List.of("the cat"),
                      refiner.negative(),
                      List.of(4L),
                      shorter,
                      Optional.of(both.refiner().start(first.images()))),
                  Progress.NONE)
              .latents(),
          new Refined(both.generator(), refiner, shorter)
              .generate(request, Progress.NONE)
              .latents());
      assertThrows(
          IllegalArgumentException.class,
          () -> new Refined(both.generator(), refiner, refiner.plan().withStrength(1)));
    }
  }
}
