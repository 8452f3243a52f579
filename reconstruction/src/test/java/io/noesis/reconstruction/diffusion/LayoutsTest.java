package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.ingest.manifest.Dialect;
import io.noesis.reconstruction.diffusion.FamiliesContractTest.Case;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Packs as others write them, and of half precision, from import to picture: against
 * tests/fixtures/make/tiny_layouts.py and optimum_packs.py.
 */
class LayoutsTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion");

  @TempDir private Path temp;

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private ModelPack added(Path source) {
    return new ModelFolder(temp.resolve("models")).add(source, Progress.NONE);
  }

  private static DiffusionPipeline open(ModelPack pack) {
    return DiffusionPipeline.open(pack, OnnxOptions.SINGLE_THREADED);
  }

  /** Every row of 512 pixels by a rule that the maker has, too. */
  private static Tensor start() {
    float[] values = new float[3 * 512 * 512];
    for (int i = 0; i < values.length; i++) {
      int channel = i / (512 * 512);
      int place = i % (512 * 512);
      values[i] = (7 * (place % 512) + 13 * (place / 512) + 29 * channel) % 256 / 255f;
    }
    return Tensor.wrap(values, 1, 3, 512, 512);
  }

  @Test
  void theOlderLayoutOfDiffusersRunsAsItsPipelineDoes() throws IOException {
    ModelPack pack = added(FOLDER.resolve("tiny-onnx-stable-diffusion"));
    assertEquals(Dialect.LEGACY_DIFFUSERS, pack.dialect());
    assertFalse(Files.exists(pack.folder().resolve("unet/config.json")));
    assertTrue(Files.exists(pack.folder().resolve("unet/weights.pb")), "weights beside the graph");
    assertEquals(8, pack.pixelsPerLatent());
    assertEquals(0.18215, pack.vaeScale());
    Path cases = FOLDER.resolve("tiny-onnx-stable-diffusion.cases.safetensors");
    try (DiffusionPipeline pipeline = open(pack);
        Safetensors file = Safetensors.open(cases)) {
      assertEquals(8, pipeline.space().dim());
      JsonNode runs = new ObjectMapper().readTree(file.metadata().get("runs"));
      for (int i = 0; i < runs.size(); i++) {
        JsonNode run = runs.get(i);
        double strength = run.get("strength").asDouble();
        PictureRequest request =
            new PictureRequest(
                List.of(run.get("prompt").asText()),
                run.get("negative").asText(),
                List.of(run.get("seed").asLong()),
                new SamplingPlan(
                    run.get("steps").asInt(), run.get("guidance").asDouble(), 0, strength),
                strength < 1 ? Optional.of(start()) : Optional.empty());
        var sampler = new Trajectory(Schedulers.read(run.get("scheduler"), "a run"));
        Pictures made = pipeline.generate(request, sampler, Progress.NONE);
        String name = String.format("%02d/", i);
        sampler.assertFollows(file.read(name + "trajectory"), run);
        long[] expected = file.readLongs(name + "image").array();
        byte[] found = made.images().get(0).rgb();
        assertEquals(512, made.images().get(0).width());
        for (int k = 0; k < expected.length; k++) {
          int at = k / 3 / 32 * 16 * 512 + k / 3 % 32 * 16;
          long level = Math.abs(expected[k] - (found[3 * at + k % 3] & 0xff));
          assertTrue(level <= 2, "value " + k + " differs by " + level + " levels");
        }
      }
      assertEquals(2, runs.size());
    }
    String refused =
        assertThrows(ModelException.class, () -> LatentPictures.tower(pack, OptionalInt.empty()))
            .getMessage();
    assertTrue(refused.contains("draws latents"), refused);
  }

  @ParameterizedTest
  @CsvSource({"latent-consistency,6", "stable-diffusion-xl,8"})
  void whatOptimumExportsRunsAsDiffusersDoes(String name, int runs) throws IOException {
    ModelPack pack = added(FOLDER.resolve("optimum").resolve(name));
    assertEquals(Dialect.OPTIMUM, pack.dialect());
    List<Case> cases = Case.of(FOLDER.resolve("tiny-" + name));
    assertEquals(runs, cases.size());
    FamiliesContractTest.assertEveryCall(pack.folder(), cases);
  }

  private Path half(String kind) throws IOException {
    Path folder = temp.resolve(kind);
    copy(FOLDER.resolve("tiny-stable-diffusion"), folder);
    copy(FOLDER.resolve("tiny-half").resolve(kind), folder);
    for (String extra : List.of("golden.safetensors", "cases.json", "cases.safetensors")) {
      Files.delete(folder.resolve(extra));
    }
    return folder;
  }

  private static Pictures made(ModelPack pack) {
    SamplingPlan plan = SamplingPlan.of(6, 5);
    try (DiffusionPipeline pipeline = open(pack)) {
      return pipeline.generate(
          new PictureRequest(
              List.of("the cat", "dog"), "", List.of(1L, 2L), plan, Optional.empty()),
          Progress.NONE);
    }
  }

  @ParameterizedTest
  @CsvSource({"edges,FLOAT32", "ports,FLOAT16"})
  void networksOfHalfPrecisionGiveNearlyTheSame(String kind, OnnxType type) throws IOException {
    ModelPack pack = added(half(kind));
    try (OnnxModel unet = PackCheck.open(pack, "unet", OnnxOptions.SINGLE_THREADED)) {
      for (String port : List.of("sample", "timestep", "encoder_hidden_states")) {
        assertEquals(type, unet.input(port).type(), port);
      }
      assertEquals(type, unet.output("out_sample").type());
    }
    Pictures whole = made(ModelPack.open(FOLDER.resolve("tiny-stable-diffusion")));
    Pictures half = made(pack);
    assertNotEquals(whole.latents(), half.latents(), "the same weights after all");
    double largest = 0;
    double apart = 0;
    for (int i = 0; i < whole.latents().size(); i++) {
      double value = whole.latents().array()[i];
      largest = Math.max(largest, Math.abs(value));
      apart = Math.max(apart, Math.abs(value - half.latents().array()[i]));
    }
    assertTrue(apart <= 0.02 * largest, apart + " of " + largest);
    int level = 0;
    for (int row = 0; row < 2; row++) {
      byte[] some = whole.images().get(row).rgb();
      byte[] other = half.images().get(row).rgb();
      for (int i = 0; i < some.length; i++) {
        level = Math.max(level, Math.abs((some[i] & 0xff) - (other[i] & 0xff)));
      }
    }
    assertTrue(level <= 12, "pixels differ by " + level + " levels");
  }

  @Test
  void aManifestThatSaysAnotherPrecisionIsRefused() throws IOException {
    Path folder = half("ports");
    String graph =
        "{role: unet, path: unet/model.onnx, inputs: [{name: sample, type: float32, axes: [batch,"
            + " '4', height, width]}, {name: timestep, type: float16, axes: []}, {name:"
            + " encoder_hidden_states, type: float16, axes: [batch, '77', '16']}], outputs: [{name:"
            + " out_sample, type: float32, axes: [batch, '4', height, width]}]}";
    Files.writeString(
        folder.resolve(ModelPack.MANIFEST),
        "{name: half, kind: stable-diffusion, title: a test, licence: none, source: here, citation:"
            + " none, dialect: noesis, graphs: ["
            + graph
            + "]}");
    List<String> problems = PackCheck.problems(ModelPack.open(folder), Progress.NONE);
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(problems.get(0).contains("'sample' is of type FLOAT16, expected [FLOAT32]"));
    assertTrue(problems.get(1).contains("'out_sample' is of type FLOAT16"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "33", "2.5", "many"})
  void aPackMayNotAllowItselfAnyPicture(String levels) throws IOException {
    Path pack = temp.resolve("pack");
    copy(FOLDER.resolve("tiny-stable-diffusion"), pack);
    assertEquals(2, GoldenPicture.allowed(ModelPack.open(pack)));
    for (String given : List.of("16", levels)) {
      try (Safetensors file =
          Safetensors.open(FOLDER.resolve("tiny-stable-diffusion/golden.safetensors"))) {
        new io.noesis.tensor.SafetensorsWriter()
            .add("image", Tensor.zeros(1))
            .metadata("levels", given)
            .write(pack.resolve("golden.safetensors"));
        assertFalse(file.metadata().containsKey("levels"));
      }
      if (given.equals("16")) {
        assertEquals(16, GoldenPicture.allowed(ModelPack.open(pack)));
      }
    }
    assertThrows(ModelException.class, () -> GoldenPicture.allowed(ModelPack.open(pack)));
  }

  @Test
  void guidanceThatWasDistilledIsAnInput() throws IOException {
    List<Case> cases = Case.of(FOLDER.resolve("tiny-latent-consistency"));
    try (DiffusionPipeline pipeline =
        open(ModelPack.open(FOLDER.resolve("tiny-latent-consistency")))) {
      assertNotEquals(cases.get(3).made(pipeline).latents(), cases.get(4).made(pipeline).latents());
      PictureRequest negative =
          new PictureRequest(
              List.of("cat"), "dog", List.of(1L), SamplingPlan.of(4, 8), Optional.empty());
      String message =
          assertThrows(RecipeException.class, () -> pipeline.generate(negative, Progress.NONE))
              .getMessage();
      assertTrue(message.contains("'dog'") && message.contains("distilled"), message);
    }
    float[] waves = DistilledFamily.sinusoids(1, 5);
    assertEquals(
        List.of(0f, 0f, 1f, 1f, 0f), List.of(waves[0], waves[1], waves[2], waves[3], waves[4]));
  }
}
