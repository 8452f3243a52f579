package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.SamplerState;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.TorchRandom;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
              !p.negative().isEmpty(),
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
              "negative",
              "blend",
              "sampler");
      for (int i = 0; i < fields.size(); i++) {
        assertTrue(!quirks.get(i) || p.sources().containsKey(fields.get(i)), fields.get(i));
      }
    }
  }

  /** MindEye 1 divides what its prior drew by its class token's length and 1e-6. */
  @Test
  void imageTokensAreDividedByTheirClassTokenWhereTheProfileSaysSo() {
    Tensor drawn = normal(5, 2, 257, 8).map(v -> 3 * v + 0.5);
    float[] byHand = new float[drawn.size()];
    for (int row = 0; row < 2; row++) {
      double squares = 0;
      for (int i = 0; i < 8; i++) {
        squares += Math.pow(drawn.array()[row * 257 * 8 + i], 2);
      }
      for (int i = row * 257 * 8; i < (row + 1) * 257 * 8; i++) {
        byHand[i] = (float) (drawn.array()[i] / (Math.sqrt(squares) + 1e-6));
      }
    }
    Profile profile = Profiles.registry().get("mindeye1");
    SamplingPlan published = profile.plan().orElseThrow();
    assertEquals(Map.of("mix", 0.0, "class-token", 1.0), published.settings());
    List<Long> seeds = List.of(1L, 2L);
    SamplingPlan with = new SamplingPlan(2, 3.5, 0, 1, published.settings());
    SamplingPlan without = with.with(Map.of("mix", 0.0));
    try (DiffusionPipeline pipeline = open("tiny-versatile-diffusion", profile)) {
      Tensor divided =
          pipeline.generate(EmbeddingRequest.of(drawn, seeds, with), Progress.NONE).latents();
      Tensor plain =
          pipeline
              .generate(
                  EmbeddingRequest.of(Tensor.wrap(byHand, 2, 257, 8), seeds, without),
                  Progress.NONE)
              .latents();
      assertArrayEquals(plain.array(), divided.array(), 1e-6f);
      Tensor raw =
          pipeline.generate(EmbeddingRequest.of(drawn, seeds, without), Progress.NONE).latents();
      assertNotEquals(raw, divided);
      assertThrows(
          RecipeException.class,
          () ->
              pipeline.generate(
                  EmbeddingRequest.of(drawn, seeds, with.with(Map.of("class-token", 0.5))),
                  Progress.NONE));
    }
  }

  /** What a run started from is known: the rest of it is not needed. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A sampler that remembers what a run started from, and ends it at its first step. */
  private static final class Watched implements Scheduler {
    private final Scheduler real;
    private final List<Tensor> clean = new ArrayList<>();
    private final List<Tensor> noised = new ArrayList<>();
    private final List<Float> times = new ArrayList<>();

    Watched(Scheduler real) {
      this.real = real;
    }

    @Override
    public Schedule schedule(int steps, double strength) {
      Schedule schedule = real.schedule(steps, strength);
      return new Schedule() {
        @Override
        public int calls() {
          return schedule.calls();
        }

        @Override
        public int begin() {
          return schedule.begin();
        }

        @Override
        public float timestep(int call) {
          return schedule.timestep(call);
        }

        @Override
        public double initialNoise() {
          return schedule.initialNoise();
        }

        @Override
        public Tensor modelInput(SamplerState state) {
          times.add(schedule.timestep(state.call()));
          return schedule.modelInput(state);
        }

        @Override
        public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
          throw new Enough();
        }

        @Override
        public Tensor noised(Tensor sample, Tensor noise) {
          clean.add(sample);
          noised.add(schedule.noised(sample, noise));
          return noised.get(noised.size() - 1);
        }
      };
    }

    @Override
    public boolean learnsVariance() {
      return real.learnsVariance();
    }
  }

  /** {@code sqrt(a) clean + sqrt(1 - a) noise} of latent diffusion's betas, by its formula. */
  private static Tensor noised(Tensor clean, Tensor noise, int time) {
    double kept = 1;
    for (int t = 0; t <= time; t++) {
      double root = Math.sqrt(0.00085) + t / 999.0 * (Math.sqrt(0.012) - Math.sqrt(0.00085));
      kept *= 1 - root * root;
    }
    float[] out = new float[clean.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          (float) (Math.sqrt(kept) * clean.array()[i] + Math.sqrt(1 - kept) * noise.array()[i]);
    }
    return Tensor.wrap(out, clean.shape().toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "takagi, tiny-stable-diffusion, 77, 781, 801",
    "brain-diffuser, tiny-versatile-diffusion, 257, 721, 741"
  })
  void latentDiffusionNoisesOneStepEarlierThanItRuns(
      String name, String pack, int tokens, float first, int earlier) {
    Profile profile = Profiles.registry().get(name);
    Tensor clean = normal(4, 1, 4, 16, 16);
    Tensor noise = normal(3, 1, 4, 16, 16);
    try (DiffusionPipeline p = open(pack, profile);
        DiffusionPipeline plain = open(pack, Profile.USUAL)) {
      EmbeddingRequest request =
          EmbeddingRequest.of(
              normal(1, 1, tokens, tokens == 77 ? 16 : 8), List.of(3L), SamplingPlan.of(1, 1));
      EmbeddingRequest both =
          tokens == 77 ? request : request.with(Map.of("text", normal(2, 1, 77, 8)));
      EmbeddingRequest from = both.from(clean, p.plan());
      Watched quirk = new Watched(p.scheduler());
      assertThrows(Enough.class, () -> p.generate(from, quirk, Progress.NONE));
      Watched usual = new Watched(p.scheduler());
      assertThrows(Enough.class, () -> plain.generate(from, usual, Progress.NONE));
      assertEquals(List.of(first, first), List.of(quirk.times.get(0), usual.times.get(0)));
      assertArrayEquals(noised(clean, noise, earlier).array(), quirk.noised.get(0).array(), 1e-5f);
      assertArrayEquals(
          noised(clean, noise, (int) first).array(), usual.noised.get(0).array(), 1e-5f);
    }
  }

  /** MindEye's autoencoder reads the blurry picture as CLIP would, not as {@code 2 v - 1}. */
  @Test
  void mindEyeShowsItsPictureToTheEncoderAsClipWould() {
    double[] mean = {0.48145466, 0.4578275, 0.40821073};
    double[] deviation = {0.26862954, 0.26130258, 0.27577711};
    Tensor picture = normal(7, 1, 3, 32, 32).map(v -> 1 / (1 + Math.exp(-v)));
    ModelPack pack = ModelPack.open(FOLDER.resolve("tiny-versatile-diffusion"));
    for (String name : List.of("mindeye1", "usual")) {
      boolean clip = name.equals("mindeye1");
      float[] shown = new float[picture.size()];
      for (int i = 0; i < shown.length; i++) {
        int channel = i / (32 * 32);
        double v = picture.array()[i];
        shown[i] = (float) (clip ? (v - mean[channel]) / deviation[channel] : 2 * v - 1);
      }
      Tensor moments;
      try (OnnxModel encoder =
          OnnxModel.open(pack.graph("vae_encoder").file(), OnnxOptions.SINGLE_THREADED)) {
        moments =
            encoder
                .run(Map.of("sample", OnnxInput.of(Tensor.wrap(shown, 1, 3, 32, 32))))
                .get("latent_parameters");
      }
      int half = moments.size() / 2;
      Tensor drawn = normal(3, 1, 4, 16, 16);
      float[] expected = new float[half];
      for (int i = 0; i < half; i++) {
        double deviationOf = Math.exp(moments.array()[half + i] / 2.0);
        expected[i] =
            (float) ((moments.array()[i] + deviationOf * drawn.array()[i]) * pack.vaeScale());
      }
      try (DiffusionPipeline p = open("tiny-versatile-diffusion", Profiles.registry().get(name))) {
        EmbeddingRequest request =
            EmbeddingRequest.of(normal(1, 1, 257, 8), List.of(3L), SamplingPlan.of(1, 1))
                .with(Map.of("text", normal(2, 1, 77, 8)))
                .from(picture, SamplingPlan.of(4, 3.5).withStrength(0.75));
        Watched watched = new Watched(p.scheduler());
        assertThrows(Enough.class, () -> p.generate(request, watched, Progress.NONE));
        assertArrayEquals(expected, watched.clean.get(0).array(), 1e-4f, name);
      }
    }
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
