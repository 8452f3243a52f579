package io.noesis.encoders.architecture;

import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.CorruptDataException;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/**
 * Whether a file has exactly the weights of a network, without loading libtorch: it has not where a
 * release of Noesis gave the architecture other parameters than the one that wrote the file.
 */
final class WeightNames {
  private WeightNames() {}

  static void require(Path file, Layer network, Map<String, Tensor> weights) {
    Map<String, Shape> expected = Parameters.shapes(network);
    expected.forEach(
        (name, shape) -> {
          Tensor found = weights.get(name);
          if (found == null || !found.shape().equals(shape)) {
            throw refused(
                file,
                "expected the array '" + name + "' " + shape,
                found == null ? "none" : found.shape().toString());
          }
        });
    weights.keySet().stream()
        .filter(name -> !expected.containsKey(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw refused(file, "expected " + expected.size() + " arrays", "also '" + name + "'");
            });
  }

  private static CorruptDataException refused(Path file, String expected, String found) {
    return new CorruptDataException(
        "reading the network "
            + file
            + ": "
            + expected
            + ", found "
            + found
            + ". It is damaged, or of another release of Noesis, whose network was another: train"
            + " again.");
  }
}
