package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ControlNet as a graph of its own; every call of tests/fixtures/make/tiny_controlnet.py is among
 * {@link FamiliesContractTest}.
 */
class ControlResidualsTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion");
  private static final Path PACK = FOLDER.resolve("tiny-controlnet-residuals");

  private static DiffusionPipeline open(Path pack) {
    return DiffusionPipeline.open(ModelPack.open(pack), OnnxOptions.SINGLE_THREADED);
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
