package io.noesis.reconstruction.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.Registry.Entry;
import io.noesis.run.TorchRandom;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every line of the registry of samplers keeps. */
class SchedulerContractTest {
  private static final int[] SHAPE = {1, 2, 2, 4};

  static Stream<Entry<SchedulerKind>> samplers() {
    return Schedulers.registry().entries().stream();
  }

  private static Tensor noise(long seed) {
    return NoiseSource.torch(TorchRandom.seeded(seed)).normal(SHAPE);
  }

  private static SamplerState run(Schedule schedule, Tensor start, NoiseSource noise) {
    SamplerState state = schedule.start(start);
    while (!schedule.finished(state)) {
      float t = schedule.timestep(state.call());
      assertTrue(Float.isFinite(t), "time step " + t);
      Tensor output = SamplerParityTest.network(schedule.modelInput(state), t, false);
      state = schedule.step(state, output, noise);
    }
    return state;
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void theSameStartGivesTheSameBytes(Entry<SchedulerKind> sampler) {
    Schedule schedule = sampler.value().defaults().schedule(6);
    Tensor start = noise(1).map(v -> v * schedule.initialNoise());
    Tensor once = run(schedule, start, NoiseSource.torch(TorchRandom.seeded(2))).sample();
    Tensor again = run(schedule, start, NoiseSource.torch(TorchRandom.seeded(2))).sample();
    assertEquals(once, again);
    for (float value : once.array()) {
      assertTrue(Float.isFinite(value), sampler.name() + " ends with " + value);
    }
    assertArrayEquals(SHAPE, once.shape().toArray());
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void aStepChangesNeitherItsStateNorTheSchedule(Entry<SchedulerKind> sampler) {
    Schedule schedule = sampler.value().defaults().schedule(6);
    SamplerState state = schedule.start(noise(1));
    List<SamplerState> states = new ArrayList<>();
    List<Tensor> samples = new ArrayList<>();
    NoiseSource fixed = sizes -> noise(3);
    while (!schedule.finished(state)) {
      states.add(state);
      samples.add(state.sample().map(v -> v));
      float t = schedule.timestep(state.call());
      Tensor output = SamplerParityTest.network(schedule.modelInput(state), t, false);
      state = schedule.step(state, output, fixed);
    }
    assertEquals(schedule.calls(), states.size());
    // Any step can be taken again, in any order.
    for (int i = states.size() - 2; i >= 0; i--) {
      SamplerState before = states.get(i);
      assertEquals(samples.get(i), before.sample());
      float t = schedule.timestep(before.call());
      Tensor output = SamplerParityTest.network(schedule.modelInput(before), t, false);
      assertEquals(samples.get(i + 1), schedule.step(before, output, fixed).sample());
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void aRunFromAPictureMakesFewerCallsAndStartsNearIt(Entry<SchedulerKind> sampler) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode().put("skip_prk_steps", true);
    Scheduler scheduler = sampler.value().read(settings, "test");
    Schedule whole = scheduler.schedule(8);
    Schedule part = scheduler.schedule(8, 0.25);
    Tensor clean = noise(4);
    double distance = distance(clean, part.noised(clean, noise(5)));
    assertEquals(0, whole.begin());
    if (sampler.name().equals("lcm")) {
      assertEquals(8, part.calls());
    } else {
      assertTrue(part.begin() > 0);
      assertTrue(part.calls() - part.begin() <= whole.calls() / 2);
    }
    assertTrue(distance > 0, "no noise was added");
    assertTrue(distance < distance(clean, whole.noised(clean, noise(5))));
  }

  private static double distance(Tensor a, Tensor b) {
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      sum += Math.pow(a.array()[i] - b.array()[i], 2);
    }
    return Math.sqrt(sum);
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void impossibleStepsAreRefused(Entry<SchedulerKind> sampler) {
    Scheduler scheduler = sampler.value().defaults();
    for (double strength : new double[] {0, -1, 0.01, 1.5, Double.NaN}) {
      assertThrows(RecipeException.class, () -> scheduler.schedule(10, strength));
    }
    assertThrows(RecipeException.class, () -> scheduler.schedule(0));
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void anOutputOfAnotherShapeIsRefused(Entry<SchedulerKind> sampler) {
    Schedule schedule = sampler.value().defaults().schedule(6);
    SamplerState state = schedule.start(noise(1));
    assertThrows(
        IllegalArgumentException.class,
        () -> schedule.step(state, Tensor.zeros(1, 2, 2, 3), sizes -> Tensor.zeros(sizes)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DDIMScheduler | {\"thresholding\": true} | thresholding",
        "EulerDiscreteScheduler | {\"use_flow_sigmas\": true} | use_flow_sigmas",
        "EulerDiscreteScheduler | {\"use_beta_sigmas\": true} | use_beta_sigmas",
        "EulerDiscreteScheduler | {\"sigma_min\": 0.01} | sigma_min",
        "EulerDiscreteScheduler | {\"timestep_spacing\": \"even\"} | timestep_spacing",
        "EulerDiscreteScheduler | {\"beta_start\": \"small\"} | beta_start",
        "EulerDiscreteScheduler | {\"num_train_timesteps\": 10.5} | num_train_timesteps",
        "EulerDiscreteScheduler | {\"beta_start\": 0} | betas must rise",
        "EulerAncestralDiscreteScheduler | {\"prediction_type\": \"sample\"} | prediction_type",
        "PNDMScheduler | {\"prediction_type\": \"sample\"} | prediction_type",
        "HeunDiscreteScheduler | {\"rescale_betas_zero_snr\": true} | rescale_betas_zero_snr",
        "DPMSolverMultistepScheduler | {\"algorithm_type\": \"dpmsolver\"} | algorithm_type",
        "DPMSolverMultistepScheduler | {\"solver_order\": 4} | solver_order",
        "DPMSolverMultistepScheduler | {\"solver_order\": 3, \"algorithm_type\":"
            + " \"sde-dpmsolver++\"} | solver_order",
        "UniPCMultistepScheduler | {\"predict_x0\": false} | predict_x0",
        "UniPCMultistepScheduler | {\"lower_order_final\": false} | lower_order_final",
        "UnknownScheduler | {} | UnknownScheduler"
      })
  void settingsThatAreNotSupportedAreRefusedByName(
      String className, String settings, String word, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("scheduler_config.json");
    Files.writeString(
        file,
        "{\"_class_name\": \"" + className + "\"," + settings.substring(1).replace("}", "") + "}");
    if (settings.equals("{}")) {
      Files.writeString(file, "{\"_class_name\": \"" + className + "\"}");
    }
    String message = assertThrows(ModelException.class, () -> Schedulers.read(file)).getMessage();
    assertTrue(message.contains(word), message);
    assertTrue(message.contains(file.toString()), message);
  }

  @Test
  void settingsOfOtherSamplersAndInfinitiesAreCarriedAlong(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("scheduler_config.json");
    Files.writeString(
        file,
        "{\"_class_name\": \"DPMSolverMultistepScheduler\", \"_diffusers_version\": \"0.42\","
            + " \"lambda_min_clipped\": -Infinity, \"skip_prk_steps\": true, \"trained_betas\":"
            + " null}");
    assertEquals(Schedulers.registry().get("dpm-solver++").defaults(), Schedulers.read(file));
    assertThrows(ModelException.class, () -> Schedulers.read(folder.resolve("absent.json")));
    Files.writeString(file, "[]");
    assertThrows(ModelException.class, () -> Schedulers.read(file));
  }

  @Test
  void noiseWithoutSignalNeedsAnotherPrediction() {
    for (String name : List.of("ddim", "ddpm", "lcm")) {
      Scheduler scheduler =
          Schedulers.registry()
              .get(name)
              .read(
                  JsonNodeFactory.instance.objectNode().put("rescale_betas_zero_snr", true),
                  "test");
      String message =
          assertThrows(RecipeException.class, () -> scheduler.schedule(4)).getMessage();
      assertTrue(message.contains("epsilon"), message);
    }
  }

  @Test
  void onlySamplersWithNoiseDraw() {
    List<String> drawing = new ArrayList<>();
    for (Entry<SchedulerKind> sampler : Schedulers.registry().entries()) {
      int[] draws = {0};
      Schedule schedule = sampler.value().defaults().schedule(6);
      run(
          schedule,
          noise(1),
          sizes -> {
            draws[0]++;
            return noise(6);
          });
      if (draws[0] > 0) {
        drawing.add(sampler.name());
      }
    }
    assertEquals(List.of("ddpm", "euler-ancestral", "lcm", "unclip", "dalle2-ddim"), drawing);
  }

  /** A picture's noise does not depend on the others of its batch. */
  @Test
  void rowsDrawFromTheirOwnGenerators() {
    NoiseSource both =
        NoiseSource.rows(
            List.of(
                NoiseSource.torch(TorchRandom.seeded(1)),
                NoiseSource.torch(TorchRandom.seeded(2))));
    Tensor drawn = both.normal(2, 2, 2, 4);
    NoiseSource second = NoiseSource.torch(TorchRandom.seeded(2));
    assertArrayEquals(second.normal(1, 2, 2, 4).array(), drawn.row(1));
    assertFalse(java.util.Arrays.equals(drawn.row(0), drawn.row(1)));
    assertThrows(IllegalArgumentException.class, () -> both.normal(3, 2, 2, 4));
  }
}
