package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Parameters;
import io.noesis.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sensors on a map of the head, and in space. */
class SensorLayoutTest {
  /** The second lies behind the first as seen from the origin, the last nowhere. */
  private static final List<List<Double>> PLACES =
      List.of(
          List.of(1.0, 0.0, 1.0),
          List.of(2.0, 0.0, 2.0),
          List.of(-1.0, 3.0, 0.0),
          List.of(Double.NaN, 0.0, 0.0));

  private static Tensor places(int axes) {
    return SensorLayout.of(NetworkSizes.ofEpochs(4, 33, 7).withPositions(PLACES), 4, axes);
  }

  @Test
  void onTheMapDirectionsCountInSpaceDistancesToo() {
    Tensor map = places(2);
    assertEquals(map.at(0, 0), map.at(1, 0), 1e-6);
    assertEquals(map.at(0, 1), map.at(1, 1), 1e-6);
    Tensor space = places(3);
    assertArrayEquals(
        new float[] {2 / 3f, 0, 0.5f, 1, 0, 1, 0, 1, 0, -0.1f, -0.1f, -0.1f}, space.array(), 1e-6f);
  }

  @Test
  void brainMagickTakesEither() {
    BrainMagick d = BrainMagick.defaults();
    NetworkSizes sizes = NetworkSizes.ofEpochs(4, 33, 7).withPositions(PLACES);
    assertEquals(List.of(270, 2048), heads(with(d, 32, BrainMagick.Layout.MAP, 0), sizes));
    assertEquals(List.of(270, 2000), heads(with(d, 10, BrainMagick.Layout.SPACE, 0.2), sizes));
    NetworkSizes flat =
        NetworkSizes.ofEpochs(2, 33, 7)
            .withPositions(List.of(List.of(0.0, 1.0), List.of(1.0, 0.0)));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> with(d, 10, BrainMagick.Layout.SPACE, 0).network(flat));
    assertTrue(e.getMessage().contains("three coordinates"), e::getMessage);
    assertThrows(IllegalArgumentException.class, () -> with(d, 10, BrainMagick.Layout.SPACE, 1));
  }

  private static List<Integer> heads(BrainMagick spec, NetworkSizes sizes) {
    int[] shape = Parameters.shapes(spec.network(sizes)).get("merger.heads").toArray();
    return java.util.Arrays.stream(shape).boxed().toList();
  }

  private static BrainMagick with(
      BrainMagick d, int frequencies, BrainMagick.Layout layout, double dropout) {
    return new BrainMagick(
        d.spatial(),
        d.channels(),
        frequencies,
        d.spatialDropout(),
        d.subjects(),
        d.width(),
        d.depth(),
        d.dilations(),
        d.headWidth(),
        d.pooling(),
        layout,
        dropout,
        d.heads());
  }
}
