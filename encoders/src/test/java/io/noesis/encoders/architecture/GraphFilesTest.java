package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.RecordBinder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Writes the graph of every network to {@code encoders/target/graphs}, where {@code
 * tests/fixtures/make/check_graphs.py} asks the onnx package's own checker about them.
 */
class GraphFilesTest {
  @Test
  void everyNetworkIsWritten() {
    Path folder = Path.of("target", "graphs").toAbsolutePath();
    ArchitectureContractTest.networks()
        .forEach(
            network -> {
              NetworkSizes sizes = network.sample().sizes();
              Layer layer = network.sample().settings().network(sizes);
              NetworkShape shape =
                  new NetworkShape(
                      network.name(), RecordBinder.tree(network.sample().settings()), sizes);
              Path file = folder.resolve(network.name() + ".onnx");
              new NetworkEncoder(shape, layer, ArchitectureContractTest.weights(layer), Map.of())
                  .export(file, Map.of());
              try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
                assertTrue(
                    model.outputs().stream().anyMatch(port -> port.name().equals("embedding")),
                    network.name());
              }
            });
  }
}
