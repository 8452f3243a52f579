package io.noesis.reconstruction.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.run.TorchRandom;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whole runs equal those of diffusers; made by tests/fixtures/make/diffusers_samplers.py. */
class SamplerParityTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion/schedule");
  private static final int[] SHAPE = {1, 2, 2, 4};
  private static final int SIZE = 16;

  static Tensor network(Tensor input, float t, boolean withVariance) {
    float[] out = new float[withVariance ? 2 * SIZE : SIZE];
    for (int i = 0; i < SIZE; i++) {
      out[i] = (float) (0.7 * Math.sin((double) input.array()[i] + 0.01 * t + 0.3 * i));
      if (withVariance) {
        out[SIZE + i] = (float) (0.5 * Math.cos((double) input.array()[i] + 0.2 * i));
      }
    }
    return Tensor.wrap(out, 1, withVariance ? 4 : 2, 2, 4);
  }

  private static Scheduler scheduler(JsonNode run) {
    Scheduler found = Schedulers.read(run.get("config"), "run " + run.get("name"));
    double eta = run.get("eta").asDouble();
    return found instanceof Ddim ddim
        ? new Ddim(ddim.common(), ddim.clip(), ddim.end(), eta)
        : found;
  }

  /** The sample before every call and after the last. */
  private static List<Tensor> trajectory(JsonNode run, Schedule schedule) {
    NoiseSource noise = NoiseSource.torch(TorchRandom.seeded(11));
    boolean learned = run.at("/config/variance_type").asText().equals("learned_range");
    Tensor start;
    if (run.get("strength").asDouble() < 1) {
      Tensor clean = noise.normal(SHAPE);
      start = schedule.noised(clean, noise.normal(SHAPE));
    } else {
      start = noise.normal(SHAPE).map(v -> v * schedule.initialNoise());
    }
    SamplerState state = schedule.start(start);
    List<Tensor> samples = new ArrayList<>(List.of(start));
    int call = 0;
    while (!schedule.finished(state)) {
      float t = schedule.timestep(state.call());
      assertEquals(run.get("timesteps").get(call++).asDouble(), t, 1e-4, "time step, " + run);
      state = schedule.step(state, network(schedule.modelInput(state), t, learned), noise);
      samples.add(state.sample());
    }
    assertEquals(run.get("timesteps").size(), call, "calls, " + run);
    return samples;
  }

  @Test
  void runsAsDiffusersDoes() throws IOException {
    JsonNode runs = new ObjectMapper().readTree(FOLDER.resolve("samplers.json").toFile());
    Map<String, Double> worst = new TreeMap<>();
    List<String> far = new ArrayList<>();
    try (Safetensors file = Safetensors.open(FOLDER.resolve("samplers.safetensors"))) {
      for (JsonNode run : runs) {
        Schedule schedule =
            scheduler(run).schedule(run.get("steps").asInt(), run.get("strength").asDouble());
        assertEquals(
            run.get("initial").asDouble(),
            schedule.initialNoise(),
            1e-5 * schedule.initialNoise(),
            "initial noise, " + run);
        assertEquals(run.get("begin").asInt(), schedule.begin(), "begin, " + run);
        List<Tensor> found = trajectory(run, schedule);
        Tensor expected = file.read(run.get("name").asText());
        // diffusers moves x from one noise level to the next in float32, which loses that much.
        double lost = 0x1p-22 * schedule.initialNoise();
        double error = 0;
        for (int i = 0; i < found.size(); i++) {
          for (int k = 0; k < SIZE; k++) {
            double value = expected.at(i, k);
            error =
                Math.max(
                    error,
                    (Math.abs(value - found.get(i).array()[k]) - lost)
                        / Math.max(1, Math.abs(value)));
          }
        }
        if (!(error <= 2e-5)) {
          far.add(error + " " + run);
        }
        worst.merge(run.at("/config/_class_name").asText(), error, Math::max);
      }
    }
    assertTrue(
        far.isEmpty(),
        () -> far.size() + " of " + runs.size() + ":\n" + String.join("\n", far) + "\n" + worst);
    assertEquals(Schedulers.registry().names().size(), worst.size(), "samplers with runs");
  }
}
