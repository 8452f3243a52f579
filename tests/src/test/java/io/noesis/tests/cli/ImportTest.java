package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.ForeignWeights;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTest {
  @TempDir Path folder;

  private static final String NETWORK =
      """
      settings: {width: 4, blocks: 1, projector: 0}
      response: [6]
      target: [3]
      """;

  /** MindEye 1 without its projector, made small, under its names. */
  private static Map<String, Tensor> theirs() {
    PinnedRandom random = Seed.of(3).random();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.put("voxel2clip.lin0.0.weight", Tensor.zeros(4, 6));
    weights.put("voxel2clip.lin0.0.bias", Tensor.zeros(4));
    weights.put("voxel2clip.lin0.1.weight", Tensor.zeros(4));
    weights.put("voxel2clip.lin0.1.bias", Tensor.zeros(4));
    weights.put("voxel2clip.mlp.0.0.weight", Tensor.zeros(4, 4));
    weights.put("voxel2clip.mlp.0.0.bias", Tensor.zeros(4));
    weights.put("voxel2clip.mlp.0.1.weight", Tensor.zeros(4));
    weights.put("voxel2clip.mlp.0.1.bias", Tensor.zeros(4));
    weights.put("voxel2clip.lin1.weight", Tensor.zeros(3, 4));
    weights.put("voxel2clip.lin1.bias", Tensor.zeros(3));
    weights.replaceAll((name, w) -> w.map(zero -> random.nextGaussian()));
    return weights;
  }

  private Path file(Map<String, Tensor> weights) {
    SafetensorsWriter writer = new SafetensorsWriter();
    weights.forEach(writer::add);
    Path file = folder.resolve("weights-" + weights.size() + ".safetensors");
    writer.write(file);
    return file;
  }

  private Path network(String text) throws IOException {
    return Files.writeString(folder.resolve("network.yaml"), text);
  }

  @Test
  void theGraphDecodesAsTheNetworkDoes() throws IOException {
    Path out = folder.resolve("graph.onnx");
    String said =
        Call.of(
                "import",
                file(theirs()),
                out,
                "--program",
                "mindeye1-backbone",
                "--network",
                network(NETWORK))
            .ended(0)
            .out();
    assertTrue(said.contains("a graph of residual-mlp from [6] to [3]"), said);
    PinnedRandom random = Seed.of(4).random();
    Tensor x = Tensor.zeros(5, 6).map(zero -> random.nextGaussian());
    Tensor expected =
        ForeignWeights.registry()
            .get("mindeye1-backbone")
            .encoder(
                theirs(),
                YamlTree.parse("{width: 4, blocks: 1, projector: 0}", "test"),
                NetworkSizes.of(6, 3))
            .encode(x);
    try (OnnxModel model = OnnxModel.open(out, OnnxOptions.SINGLE_THREADED)) {
      Tensor found = model.run(Map.of("response", OnnxInput.of(x))).get("embedding");
      assertArrayEquals(expected.array(), found.array(), 1e-6f);
      assertEquals("mindeye1-backbone", model.metadata().get("program"));
    }
  }

  @Test
  void whatDoesNotFitIsNamedAndNothingIsWritten() throws IOException {
    Path out = folder.resolve("graph.onnx");
    Map<String, Tensor> fewer = theirs();
    fewer.remove("voxel2clip.lin1.bias");
    Call.of(
            "import",
            file(fewer),
            out,
            "--program",
            "mindeye1-backbone",
            "--network",
            network(NETWORK))
        .ended(6, "Missing: 'out.bias'");
    Call.of(
            "import",
            file(theirs()),
            out,
            "--program",
            "mindeye1-backbone",
            "--network",
            network("response: [6]"))
        .ended(2, "expected 'response', 'target'");
    Call.of("import", file(theirs()), out, "--program", "mindeye3", "--network", network(NETWORK))
        .ended(2, "mindeye3");
    Call.of(
            "import",
            file(theirs()),
            out,
            "--program",
            "mindeye1-backbone",
            "--network",
            network("response: [-6]\ntarget: [3]"))
        .ended(2, "sizes of at least 1", "[-6]");
    Path cut = folder.resolve("cut.safetensors");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(file(theirs())), 300));
    Call.of("import", cut, out, "--program", "mindeye1-backbone", "--network", network(NETWORK))
        .ended(6, "cut.safetensors", "truncated");
    Call.of("import", cut, "/", "--program", "mindeye1-backbone", "--network", network(NETWORK))
        .ended(2, "ends in .onnx");
    assertFalse(Files.exists(out));
  }
}
