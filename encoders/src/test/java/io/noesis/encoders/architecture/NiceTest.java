package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.Seed;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NiceTest {
  private static final NetworkSizes SIZES = NetworkSizes.ofEpochs(63, 250, 96);

  private static Map<String, Tensor> first(Nice.First how) {
    Layer network =
        new Nice(TemporalSpatialConvolution.defaults(), Nice.Spatial.NONE, how).network(SIZES);
    Parameters drawn = Parameters.of(network, Seed.of(1));
    Map<String, Tensor> weights = drawn.snapshot();
    drawn.free();
    return weights;
  }

  private static double[] meanAndDeviation(Tensor numbers) {
    double[] values =
        IntStream.range(0, numbers.size()).mapToDouble(i -> numbers.array()[i]).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return new double[] {mean, Math.sqrt(square)};
  }

  /** N(0, 0.02) for maps and kernels, N(1, 0.02) for batch norms, 1 for the layer norm. */
  @Test
  void weightsBeginAsPublished() {
    Map<String, Tensor> weights = first(Nice.First.NORMAL);
    for (String name :
        new String[] {
          "convolution.space.weight",
          "convolution.time.weight",
          "convolution.mix.weight",
          "projector.into.weight",
          "projector.block.linear.weight"
        }) {
      double[] found = meanAndDeviation(weights.get(name));
      assertEquals(0, found[0], 0.003, name);
      assertEquals(0.02, found[1], 0.002, name);
    }
    double[] norm = meanAndDeviation(weights.get("convolution.norm1.weight"));
    assertEquals(1, norm[0], 0.02);
    assertEquals(0.02, norm[1], 0.01);
    assertEquals(0, meanAndDeviation(weights.get("projector.norm.weight"))[1]);
    assertEquals(1, weights.get("projector.norm.weight").array()[0]);
    double uniform = meanAndDeviation(first(Nice.First.UNIFORM).get("convolution.time.weight"))[1];
    assertEquals(1 / Math.sqrt(25 * 3), uniform, 0.01);
  }

  @Test
  void channelsLookAtEachOtherByAttentionOrAGraph() {
    for (Nice.Spatial spatial : new Nice.Spatial[] {Nice.Spatial.ATTENTION, Nice.Spatial.GRAPH}) {
      Map<String, Shape> shapes =
          Parameters.shapes(
              new Nice(TemporalSpatialConvolution.defaults(), spatial, Nice.First.NORMAL)
                  .network(SIZES));
      boolean graph = spatial == Nice.Spatial.GRAPH;
      assertEquals(
          Shape.of(250, 250),
          shapes.get(graph ? "spatial.look.weight" : "spatial.look.query.weight"));
      assertTrue(shapes.containsKey("convolution.time.weight"));
    }
  }
}
