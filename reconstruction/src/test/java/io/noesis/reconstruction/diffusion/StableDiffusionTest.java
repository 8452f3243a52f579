package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.CancelledException;
import io.noesis.run.Progress;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against tests/fixtures/make/tiny_stable_diffusion.py: what diffusers makes of the same pack. */
class StableDiffusionTest {
  private static final Path PACK =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion/tiny-stable-diffusion");

  private static DiffusionPipeline pipeline;

  @BeforeAll
  static void open() {
    pipeline = DiffusionPipeline.open(ModelPack.open(PACK), OnnxOptions.SINGLE_THREADED);
  }

  @AfterAll
  static void close() {
    pipeline.close();
    pipeline.close();
  }

  private static PictureRequest request(JsonNode run, Safetensors file) {
    List<String> prompts = new ArrayList<>();
    run.get("prompts").forEach(prompt -> prompts.add(prompt.asText()));
    List<Long> seeds = new ArrayList<>();
    run.get("seeds").forEach(seed -> seeds.add(seed.asLong()));
    SamplingPlan plan =
        new SamplingPlan(
            run.get("steps").asInt(),
            run.get("guidance").asDouble(),
            run.get("rescale").asDouble(),
            run.get("strength").asDouble());
    Optional<Tensor> start =
        plan.strength() < 1 ? Optional.of(file.read("start")) : Optional.empty();
    return new PictureRequest(prompts, run.get("negative").asText(), seeds, plan, start);
  }

  @Test
  void everyCallAndThePicturesAreThoseOfDiffusers() throws IOException {
    JsonNode runs = new ObjectMapper().readTree(PACK.resolve("cases.json").toFile());
    try (Safetensors file = Safetensors.open(PACK.resolve("cases.safetensors"))) {
      for (int i = 0; i < runs.size(); i++) {
        JsonNode run = runs.get(i);
        var sampler = new Trajectory(Schedulers.read(run.get("scheduler"), "run " + i));
        Pictures made = pipeline.generate(request(run, file), sampler, Progress.NONE);
        String name = String.format("%02d/", i);
        sampler.assertFollows(file.read(name + "trajectory"), run);
        long[] expected = file.readLongs(name + "image").array();
        int at = 0;
        for (var image : made.images()) {
          assertEquals(32, image.width());
          for (byte value : image.rgb()) {
            int level = (int) Math.abs(expected[at++] - (value & 0xff));
            assertTrue(level <= 2, "a pixel differs by " + level + " levels, " + run);
          }
        }
        assertEquals(expected.length, at);
      }
    }
    assertEquals(13, runs.size());
  }

  @Test
  void theGoldenPictureOfThePackComesOut() {
    try (Safetensors file = Safetensors.open(PACK.resolve("golden.safetensors"))) {
      var told = file.metadata();
      Pictures made =
          pipeline.generate(
              new PictureRequest(
                  List.of(told.get("prompt")),
                  told.get("negative_prompt"),
                  List.of(Long.parseLong(told.get("seed"))),
                  SamplingPlan.of(
                      Integer.parseInt(told.get("steps")),
                      Double.parseDouble(told.get("guidance"))),
                  Optional.empty()),
              Progress.NONE);
      long[] expected = file.readLongs("image").array();
      byte[] found = made.images().get(0).rgb();
      for (int i = 0; i < expected.length; i++) {
        assertTrue(Math.abs(expected[i] - (found[i] & 0xff)) <= 2, "pixel " + i);
      }
    }
  }

  @Test
  void aPictureDoesNotDependOnItsNeighboursAndComesOutAgain() {
    SamplingPlan plan = SamplingPlan.of(5, 4);
    Pictures both =
        pipeline.generate(
            PictureRequest.of(List.of("the cat", "dog"), List.of(1L, 2L), plan), Progress.NONE);
    Pictures again =
        pipeline.generate(
            PictureRequest.of(List.of("the cat", "dog"), List.of(1L, 2L), plan), Progress.NONE);
    assertEquals(both.latents(), again.latents());
    assertArrayEquals(both.images().get(1).rgb(), again.images().get(1).rgb());
    Pictures alone =
        pipeline.generate(PictureRequest.of(List.of("dog"), List.of(2L), plan), Progress.NONE);
    for (int i = 0; i < alone.latents().size(); i++) {
      assertEquals(both.latents().row(1)[i], alone.latents().array()[i], 1e-4f);
    }
    assertTrue(!Arrays.equals(both.images().get(0).rgb(), both.images().get(1).rgb()));
  }

  @Test
  void everyCallIsHeardAndTheWorkCanBeStopped() {
    int[] heard = {0, 0};
    Progress progress =
        new Progress() {
          @Override
          public void begin(String name, long total) {
            heard[0] = (int) total;
          }

          @Override
          public void step(long steps) {
            heard[1] += (int) steps;
            if (heard[1] == 3) {
              Thread.currentThread().interrupt();
            }
          }
        };
    PictureRequest request = PictureRequest.of(List.of("cat"), List.of(1L), SamplingPlan.of(6, 1));
    assertThrows(CancelledException.class, () -> pipeline.generate(request, progress));
    assertEquals(7, heard[0], "PLMS makes one call more than it has steps");
    assertEquals(3, heard[1]);
  }

  @Test
  void requestsThatDoNotFitAreRefused() {
    SamplingPlan plan = SamplingPlan.of(4, 2);
    List<String> cat = List.of("cat");
    assertThrows(
        IllegalArgumentException.class, () -> PictureRequest.of(cat, List.of(1L, 2L), plan));
    assertThrows(
        IllegalArgumentException.class, () -> PictureRequest.of(List.of(), List.of(), plan));
    SamplingPlan part = new SamplingPlan(4, 2, 0, 0.5);
    assertThrows(IllegalArgumentException.class, () -> PictureRequest.of(cat, List.of(1L), part));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new PictureRequest(
                cat, "", List.of(1L), part, Optional.of(Tensor.zeros(1, 1, 32, 32))));
    for (double[] wrong : new double[][] {{0, 1, 0, 1}, {4, 1, 2, 1}, {4, 1, 0, 0}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new SamplingPlan((int) wrong[0], wrong[1], wrong[2], wrong[3]));
    }
  }
}
