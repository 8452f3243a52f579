package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoiQueriesTest {
  private static final NetworkSizes SIZES =
      new NetworkSizes(List.of(5, 9), List.of(""), List.of(5), List.of(), List.of(13));

  private static RoiQueries of(List<Integer> voxels) {
    return new RoiQueries(
        3, voxels, new TokenEncoder(12, 2, 3, 17, 0.1, 5), RoiQueries.Positions.KEYS);
  }

  /** Of which columns the prediction changes when the query of one ROI does. */
  private static List<Integer> changed(RoiQueries spec, int roi) {
    Layer network = spec.network(SIZES);
    Map<String, Tensor> weights = ArchitectureContractTest.weights(network);
    Map<String, Tensor> other = new LinkedHashMap<>(weights);
    Tensor queries = Objects.requireNonNull(weights.get("rois.queries"));
    float[] values = queries.array().clone();
    int width = queries.dim(1);
    for (int i = roi * width; i < (roi + 1) * width; i++) {
      values[i] += i % 2 == 0 ? 2 : -1;
    }
    other.put("rois.queries", Tensor.wrap(values, 3, width));
    Tensor before = predicted(network, weights);
    Tensor after = predicted(network, other);
    return IntStream.range(0, 13)
        .filter(c -> Math.abs(after.at(0, c) - before.at(0, c)) > 1e-5)
        .boxed()
        .toList();
  }

  private static Tensor predicted(Layer network, Map<String, Tensor> weights) {
    PinnedRandom random = Seed.of(7).random();
    Tensor rows = Tensor.zeros(2, 5, 9).map(zero -> random.nextGaussian());
    return Scope.get(
        () -> {
          Parameters parameters = Parameters.of(network, weights);
          Tensor out = network.forward(Pass.evaluation(parameters), Value.of(rows)).toTensor();
          parameters.free();
          return out;
        });
  }

  @Test
  void anRoiPredictsItsOwnVoxelsAlone() {
    assertEquals(List.of(0, 1), changed(of(List.of(2, 7, 4)), 0));
    assertEquals(List.of(2, 3, 4, 5, 6, 7, 8), changed(of(List.of(2, 7, 4)), 1));
    assertEquals(List.of(9, 10, 11, 12), changed(of(List.of(2, 7, 4)), 2));
    assertEquals(List.of(5, 6, 7, 8), changed(of(List.of()), 1), "runs of as good as equal size");
  }

  @Test
  void roisThatAreNotTheStudysAreRefused() {
    String sum =
        assertThrows(IllegalArgumentException.class, () -> of(List.of(2, 7, 5)).network(SIZES))
            .getMessage();
    assertTrue(sum.contains("14 voxels together") && sum.contains("13"), sum);
    assertThrows(IllegalArgumentException.class, () -> of(List.of(2, 11)));
    assertThrows(IllegalArgumentException.class, () -> of(List.of(0, 9, 4)));
  }
}
