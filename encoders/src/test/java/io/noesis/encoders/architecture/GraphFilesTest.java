package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Writes the graph of every architecture, networks also on ridge, to {@code
 * encoders/target/graphs}, where {@code tests/fixtures/make/check_graphs.py} asks the onnx
 * package's own checker about them.
 */
class GraphFilesTest {
  private static final Path FOLDER = Path.of("target", "graphs").toAbsolutePath();

  private static void opens(Path file) {
    try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      assertTrue(
          model.outputs().stream().anyMatch(port -> port.name().equals("embedding")),
          file::toString);
    }
  }

  /** Decoders that are one linear map: ridge and those of its kind. */
  @ParameterizedTest
  @CsvSource({
    "ridge, {}",
    "banded-ridge, '{\"bands\": [4, 5], \"candidates\": 5}'",
    "gaussian-inversion, {}"
  })
  void everyLinearDecoderIsWritten(String name, String settings) throws IOException {
    PinnedRandom random = Seed.of(1).random();
    TrainingRows rows =
        new TrainingRows(
            Tensor.zeros(40, 9).map(zero -> random.nextGaussian()),
            Tensor.zeros(40, 5).map(zero -> random.nextGaussian()),
            IntStream.range(0, 40).mapToObj(row -> "run-" + row % 4).toList());
    Fitting fitting =
        new Fitting(
            Seed.of(1),
            (network, table, seed) -> {
              throw new AssertionError("no network");
            });
    Architecture architecture = Architectures.registry().get(name);
    Path file = FOLDER.resolve(name + ".onnx");
    architecture.fit(rows, new ObjectMapper().readTree(settings), fitting).export(file, Map.of());
    opens(file);
  }

  @Test
  void everyArchitectureIsOneOrTheOther() {
    Set<String> written = new TreeSet<>(Set.of("ridge", "banded-ridge", "gaussian-inversion"));
    ArchitectureContractTest.networks().forEach(network -> written.add(network.name()));
    assertEquals(new TreeSet<>(Architectures.registry().names()), written);
  }

  /** As it decodes: {@code x W + b + s f(x)}, one linear map per subject. */
  @Test
  void everyNetworkOnRidgeIsWritten() {
    ArchitectureContractTest.networks()
        .forEach(
            network -> {
              NetworkSizes sizes = network.sample().sizes();
              Layer layer = RidgeStart.decoding(network.sample().settings().network(sizes), sizes);
              NetworkShape shape =
                  new NetworkShape(
                      network.name(), RecordBinder.tree(network.sample().settings()), sizes);
              Path file = FOLDER.resolve(network.name() + "-on-ridge.onnx");
              new NetworkEncoder(shape, layer, ArchitectureContractTest.weights(layer), Map.of())
                  .export(file, Map.of());
              opens(file);
            });
  }

  @Test
  void everyNetworkIsWritten() {
    ArchitectureContractTest.networks()
        .forEach(
            network -> {
              NetworkSizes sizes = network.sample().sizes();
              Layer layer = network.sample().settings().network(sizes);
              NetworkShape shape =
                  new NetworkShape(
                      network.name(), RecordBinder.tree(network.sample().settings()), sizes);
              Path file = FOLDER.resolve(network.name() + ".onnx");
              new NetworkEncoder(shape, layer, ArchitectureContractTest.weights(layer), Map.of())
                  .export(file, Map.of());
              opens(file);
            });
  }
}
