package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.TorchRandom;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProfilesTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion");

  private static Tensor normal(long seed, int... sizes) {
    return NoiseSource.torch(TorchRandom.seeded(seed)).normal(sizes);
  }

  private static DiffusionPipeline open(String pack, Profile profile) {
    return DiffusionPipeline.open(
        ModelPack.open(FOLDER.resolve(pack)), OnnxOptions.SINGLE_THREADED, profile);
  }

  private static Profile with(Profile.Without without, Profile.Entry entry, Profile.Line pixels) {
    return new Profile(
        List.of(),
        Optional.empty(),
        Optional.empty(),
        without,
        entry,
        0,
        pixels,
        Profile.SHOWN,
        1,
        0,
        Map.of());
  }

  @Test
  void everyQuirkHasASourceAndEveryUsualValueHasNone() {
    assertEquals(
        List.of(
            "usual", "mindeye1", "mindeye2", "mindeye2-refine", "atm", "takagi", "brain-diffuser"),
        List.copyOf(Profiles.registry().names()));
    for (var entry : Profiles.registry().entries()) {
      Profile p = entry.value();
      assertTrue(p.describe().stream().allMatch(line -> line.contains("(")), entry.name());
      boolean usual = p.equals(Profile.USUAL);
      assertEquals(usual, p.sources().isEmpty(), entry.name());
      List<Boolean> quirks =
          List.of(
              p.without() != Profile.Without.OF_THE_MODEL,
              p.entry() != Profile.Entry.FIRST_STEP,
              p.offsetNoise() != 0,
              !p.pixels().equals(Profile.DECODED),
              !p.startPixels().equals(Profile.SHOWN),
              p.candidates() != 1,
              p.blend() != 0,
              p.sampler().isPresent());
      List<String> fields =
          List.of(
              "without",
              "entry",
              "offsetNoise",
              "pixels",
              "startPixels",
              "candidates",
              "blend",
              "sampler");
      for (int i = 0; i < fields.size(); i++) {
        assertTrue(!quirks.get(i) || p.sources().containsKey(fields.get(i)), fields.get(i));
      }
    }
  }

  @Test
  void latentDiffusionNoisesOneStepEarlierThanItRuns() {
    ObjectNode none = new ObjectMapper().createObjectNode();
    Profile.Sampler ldm = Profiles.registry().get("takagi").sampler().orElseThrow();
    ldm.settings().forEach(none::putPOJO);
    var ddim =
        Schedulers.registry().get("ddim").read(new ObjectMapper().valueToTree(none), "a test");
    Schedule run = ddim.schedule(50, 0.8);
    assertEquals(781, run.timestep(run.begin()));
    Schedule noised = ddim.schedule(50, (40 + 1.5) / 50);
    assertEquals(801, noised.timestep(noised.begin()));
  }

  @Test
  void theLevelsOfSdxlsOwnCode() {
    ObjectNode settings = new ObjectMapper().createObjectNode();
    settings.put("timestep_spacing", "sgm").put("beta_schedule", "scaled_linear");
    settings.put("beta_start", 0.00085).put("beta_end", 0.012);
    Schedule run = Schedulers.registry().get("euler").read(settings, "a test").schedule(38);
    assertEquals(
        List.of(999f, 972f, 946f, 26f),
        List.of(run.timestep(0), run.timestep(1), run.timestep(2), run.timestep(37)));
    assertEquals(14.6146, run.initialNoise(), 1e-3);
  }

  @Test
  void theUnconditionalHalfIsWhatTheProfileSays() {
    EmbeddingRequest request =
        EmbeddingRequest.of(normal(1, 1, 12), List.of(3L), SamplingPlan.of(3, 4));
    Pictures zeros;
    Pictures own;
    Pictures noise;
    try (DiffusionPipeline p = open("tiny-image-embedding", Profile.USUAL)) {
      own = p.generate(request, Progress.NONE);
    }
    try (DiffusionPipeline p =
        open(
            "tiny-image-embedding",
            with(Profile.Without.ZEROS, Profile.Entry.FIRST_STEP, Profile.DECODED))) {
      zeros = p.generate(request, Progress.NONE);
    }
    try (DiffusionPipeline p =
        open(
            "tiny-image-embedding",
            with(Profile.Without.NOISE, Profile.Entry.NOISE_ON_NOISE, Profile.DECODED))) {
      noise = p.generate(request, Progress.NONE);
      assertEquals(noise.latents(), p.generate(request, Progress.NONE).latents());
    }
    assertEquals(own.latents(), zeros.latents(), "this family uses zeros");
    assertFalse(own.latents().equals(noise.latents()));
  }

  @Test
  void publishedSystemsRun() {
    try (DiffusionPipeline p =
        open("tiny-versatile-diffusion", Profiles.registry().get("brain-diffuser"))) {
      assertEquals(0.75, p.plan().strength());
      EmbeddingRequest request =
          EmbeddingRequest.of(normal(1, 1, 257, 8), List.of(3L), p.plan().withStrength(1))
              .with(Map.of("text", normal(2, 1, 77, 8)))
              .from(Tensor.zeros(1, 3, 32, 32), p.plan());
      Pictures made = p.generate(request, Progress.NONE);
      assertArrayEquals(
          made.images().get(0).rgb(), p.generate(request, Progress.NONE).images().get(0).rgb());
    }
    try (DiffusionPipeline p = open("tiny-ip-adapter-xl", Profiles.registry().get("atm"))) {
      EmbeddingRequest request = EmbeddingRequest.of(normal(1, 1, 12), List.of(3L), p.plan());
      assertEquals(1, p.generate(request, Progress.NONE).images().size());
    }
    assertThrows(
        RecipeException.class, () -> open("tiny-kandinsky", Profiles.registry().get("mindeye1")));
  }

  @Test
  void theClosestOfSeveralIsKept() {
    try (DiffusionPipeline p = open("tiny-image-embedding", Profile.USUAL)) {
      Tensor wanted = Tensor.wrap(new float[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 1, 12);
      EmbeddingRequest request = EmbeddingRequest.of(wanted, List.of(3L), SamplingPlan.of(2, 1));
      int[] calls = {0};
      // The second candidate is the closest.
      BestOf best =
          new BestOf(
              p,
              3,
              images -> {
                float[] out = new float[12];
                out[calls[0]++ == 1 ? 0 : 1] = 1;
                return Tensor.wrap(out, 1, 12);
              },
              "a test");
      Pictures kept = best.generate(request, Progress.NONE);
      Pictures second = p.generate(request.withSeeds(List.of(3L + (1 << 20))), Progress.NONE);
      assertEquals(second.latents(), kept.latents());
      assertEquals(3, calls[0]);
    }
  }
}
