package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.SamplerState;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ControlNet as a graph of its own against tests/fixtures/make/tiny_controlnet.py. */
class ControlResidualsTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion");
  private static final Path PACK = FOLDER.resolve("tiny-controlnet-residuals");

  /** A sampler that keeps the sample after every call. */
  private record Kept(Scheduler sampler, List<Tensor> samples) implements Scheduler {
    @Override
    public Schedule schedule(int steps, double strength) {
      Schedule own = sampler.schedule(steps, strength);
      return new Schedule() {
        @Override
        public int calls() {
          return own.calls();
        }

        @Override
        public int begin() {
          return own.begin();
        }

        @Override
        public float timestep(int call) {
          return own.timestep(call);
        }

        @Override
        public double initialNoise() {
          return own.initialNoise();
        }

        @Override
        public Tensor modelInput(SamplerState state) {
          return own.modelInput(state);
        }

        @Override
        public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
          SamplerState next = own.step(state, output, noise);
          samples.add(next.sample());
          return next;
        }

        @Override
        public Tensor noised(Tensor clean, Tensor noise) {
          return own.noised(clean, noise);
        }
      };
    }
  }

  private static DiffusionPipeline open(Path pack) {
    return DiffusionPipeline.open(ModelPack.open(pack), OnnxOptions.SINGLE_THREADED);
  }

  private static EmbeddingRequest request(JsonNode told, String name, Safetensors file) {
    List<Long> seeds = new ArrayList<>();
    told.get("seeds").forEach(s -> seeds.add(s.asLong()));
    Map<String, Double> settings = new HashMap<>();
    told.get("settings")
        .properties()
        .forEach(e -> settings.put(e.getKey(), e.getValue().asDouble()));
    SamplingPlan plan =
        SamplingPlan.of(told.get("steps").asInt(), told.get("guidance").asDouble()).with(settings);
    return EmbeddingRequest.of(file.read(name + "embeddings"), seeds, plan)
        .with(Map.of("control", file.read(name + "also/control")));
  }

  @Test
  void everyStepIsThatOfDiffusers() throws IOException {
    JsonNode index = new ObjectMapper().readTree(PACK.resolve("cases.json").toFile());
    assertEquals(4, index.size());
    try (DiffusionPipeline p = open(PACK);
        Safetensors file = Safetensors.open(PACK.resolve("cases.safetensors"))) {
      for (int i = 0; i < index.size(); i++) {
        String name = String.format("%02d/", i);
        JsonNode told = index.get(i);
        Kept kept = new Kept(Schedulers.read(told.get("scheduler"), "a case"), new ArrayList<>());
        p.generate(request(told, name, file), kept, Progress.NONE);
        Tensor expected = file.read(name + "samples");
        assertEquals(expected.dim(0), kept.samples().size());
        double square = 0;
        for (float value : expected.array()) {
          square += (double) value * value / expected.size();
        }
        double spread = Math.sqrt(square);
        int at = 0;
        for (Tensor sample : kept.samples()) {
          for (float value : sample.array()) {
            double wanted = expected.array()[at++];
            double error = Math.abs(wanted - value) / Math.max(spread, Math.abs(wanted));
            assertTrue(error <= 1e-4, name + " differs by " + error + " at " + at);
          }
        }
      }
    }
  }

  @Test
  void fusedAndApartGiveTheSame() {
    Tensor tokens = Tensor.zeros(1, 77, 8).map(v -> 0.3);
    Tensor control = Tensor.zeros(1, 3, 32, 32).map(v -> 0.6);
    EmbeddingRequest request =
        EmbeddingRequest.of(
                tokens, List.of(8L), SamplingPlan.of(3, 4).with(Map.of("control-scale", 0.7)))
            .with(Map.of("control", control));
    try (DiffusionPipeline apart = open(PACK);
        DiffusionPipeline fused = open(FOLDER.resolve("tiny-controlnet"))) {
      Tensor one = apart.generate(request, Progress.NONE).latents();
      Tensor other = fused.generate(request, Progress.NONE).latents();
      for (int i = 0; i < one.size(); i++) {
        assertEquals(
            other.array()[i], one.array()[i], 1e-3 * Math.max(1, Math.abs(one.array()[i])));
      }
      EmbeddingRequest dark = request.with(Map.of("control", Tensor.zeros(1, 3, 32, 32)));
      assertNotEquals(one, apart.generate(dark, Progress.NONE).latents());
    }
  }

  @Test
  void whatDoesNotFitIsRefusedByName(@TempDir Path folder) throws IOException {
    Tensor tokens = Tensor.zeros(1, 77, 8);
    try (DiffusionPipeline p = open(PACK)) {
      EmbeddingRequest bare = EmbeddingRequest.of(tokens, List.of(1L), SamplingPlan.of(2, 1));
      RecipeException control =
          assertThrows(RecipeException.class, () -> p.generate(bare, Progress.NONE));
      assertTrue(control.getMessage().contains("'control'"), control.getMessage());
      EmbeddingRequest turned =
          EmbeddingRequest.of(
                  tokens,
                  List.of(1L),
                  SamplingPlan.of(2, 1).with(Map.of("control-start", 0.8, "control-end", 0.3)))
              .with(Map.of("control", Tensor.zeros(1, 3, 32, 32)));
      RecipeException shares =
          assertThrows(RecipeException.class, () -> p.generate(turned, Progress.NONE));
      assertTrue(shares.getMessage().contains("control-start 0.8"), shares.getMessage());
    }
    Path copy = folder.resolve("copy");
    try (var files = Files.walk(PACK)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(PACK.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    Path manifest = copy.resolve(ModelPack.MANIFEST);
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("\"name\": \"down_1\"", "\"name\": \"down_x\""));
    ModelException contract = assertThrows(ModelException.class, () -> open(copy));
    assertTrue(contract.getMessage().contains("'down_x'"), contract.getMessage());
    Files.writeString(manifest, text.replace("\"role\": \"controlnet\"", "\"role\": \"depth\""));
    ModelException graph = assertThrows(ModelException.class, () -> open(copy));
    assertTrue(graph.getMessage().contains("'controlnet'"), graph.getMessage());
  }
}
