package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GaussianInversionArchitectureTest {
  @TempDir Path folder;

  private static Tensor gaussian(String name, int... sizes) {
    PinnedRandom random = Seed.of(7).child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  private static BrainEncoder fit(Tensor responses, String settings) {
    ObjectNode tree = YamlTree.parse(settings, "settings");
    int rows = responses.dim(0);
    List<String> groups = IntStream.range(0, rows).mapToObj(i -> "run-" + i % 6).toList();
    Fitting fitting =
        new Fitting(
            Seed.of(1),
            (network, table, seed) -> {
              throw new AssertionError("no network");
            });
    return Architectures.registry()
        .get("gaussian-inversion")
        .fit(new TrainingRows(responses, gaussian("y", rows, 5), groups), tree, fitting);
  }

  @Test
  void epochsAreFlattenedKeptAndWrittenAsOnnx() {
    Tensor epochs = gaussian("epochs", 30, 4, 6);
    BrainEncoder encoder = fit(epochs, "{independence: [0.5]}");
    Tensor decoded = encoder.encode(epochs);
    assertEquals(decoded, fit(epochs.reshape(30, 24), "{independence: [0.5]}").encode(epochs));
    assertEquals(decoded.rows(new int[] {7}), encoder.encode(epochs.rows(new int[] {7})), "alone");
    assertEquals("50 %", encoder.facts().get("noise taken as independent between voxels"));
    Path file = folder.resolve("inversion.safetensors");
    encoder.save(file, Map.of());
    BrainEncoder read = Architectures.registry().get("gaussian-inversion").load(file);
    assertEquals(decoded, read.encode(epochs));
    assertEquals(encoder.facts(), read.facts());
    Path graph = folder.resolve("inversion.onnx");
    read.export(graph, Map.of());
    try (OnnxModel model = OnnxModel.open(graph, OnnxOptions.SINGLE_THREADED)) {
      Tensor found =
          Objects.requireNonNull(
              model.run(Map.of("response", OnnxInput.of(epochs.reshape(30, 24)))).get("embedding"));
      assertArrayEquals(decoded.array(), found.array(), 1e-5f);
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    Tensor x = gaussian("x", 20, 8);
    assertThrows(RecipeException.class, () -> fit(x, "{independence: [0]}"));
    assertThrows(RecipeException.class, () -> fit(x, "{folds: 1}"));
    assertThrows(RecipeException.class, () -> fit(x, "{penalties: [1]}"));
  }
}
