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
import java.nio.file.StandardCopyOption;
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

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** A pack of two ControlNets: that of one, with what the second adds laid over it. */
  @Test
  void theResidualsOfTwoAddUpAsDiffusersAddsThem(@TempDir Path folder) throws IOException {
    copy(PACK, folder);
    Files.delete(folder.resolve("golden.safetensors")); // Of the pack of one.
    copy(FOLDER.resolve("tiny-controlnets"), folder);
    List<FamiliesContractTest.Case> cases = FamiliesContractTest.Case.of(folder);
    assertEquals(2, cases.size());
    FamiliesContractTest.assertEveryCall(folder, cases);
    try (DiffusionPipeline p = open(folder)) {
      EmbeddingRequest one =
          EmbeddingRequest.of(Tensor.zeros(1, 77, 8), List.of(1L), SamplingPlan.of(2, 1))
              .with(Map.of("control", Tensor.zeros(1, 3, 32, 32)));
      RecipeException second =
          assertThrows(RecipeException.class, () -> p.generate(one, Progress.NONE));
      assertTrue(second.getMessage().contains("'control_2'"), second.getMessage());
    }
    Path manifest = folder.resolve(ModelPack.MANIFEST);
    Files.writeString(
        manifest,
        Files.readString(manifest).replace("\"role\": \"controlnet_2\"", "\"role\": \"depth\""));
    try (DiffusionPipeline p = open(folder)) {
      RecipeException unknown =
          assertThrows(
              RecipeException.class,
              () ->
                  p.generate(
                      EmbeddingRequest.of(
                          Tensor.zeros(1, 77, 8),
                          List.of(1L),
                          SamplingPlan.of(2, 1).with(Map.of("control-scale-2", 0.5))),
                      Progress.NONE));
      assertTrue(unknown.getMessage().contains("'control-scale-2'"), unknown.getMessage());
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
    copy(PACK, copy);
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
