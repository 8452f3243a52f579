package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Parameters;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Parameter counts and widths that papers and their code give for the published settings. */
class PublishedSizesTest {
  private static List<List<Double>> places(int count) {
    return IntStream.range(0, count).mapToObj(i -> List.of(Math.cos(i), Math.sin(i))).toList();
  }

  private static BrainMagick published(BrainMagick.Pooling pooling) {
    BrainMagick d = BrainMagick.defaults();
    return new BrainMagick(
        d.spatial(),
        d.channels(),
        d.frequencies(),
        d.spatialDropout(),
        d.subjects(),
        d.width(),
        d.depth(),
        d.dilations(),
        d.headWidth(),
        pooling,
        d.heads());
  }

  private static NetworkSizes meg(List<Integer> target) {
    List<String> subjects = IntStream.range(0, 27).mapToObj(String::valueOf).toList();
    return new NetworkSizes(
        List.of(208, 343), subjects, subjects.stream().map(s -> 208).toList(), places(208), target);
  }

  @Test
  void brainMagickHas9565054ParametersFor27Subjects() {
    assertEquals(
        9_565_054,
        Parameters.count(published(BrainMagick.Pooling.NONE).network(meg(List.of(1024, 343)))));
    assertEquals(
        9_565_054 + 343 + 1,
        Parameters.count(BrainMagick.defaults().network(meg(List.of(1024)))),
        "one weight for each sample and a constant more");
    Map<String, Shape> shapes =
        Parameters.shapes(published(BrainMagick.Pooling.MEAN).network(meg(List.of(1024))));
    assertEquals(Shape.of(27, 270, 270), shapes.get("subjects.weight"));
    assertEquals(Shape.of(270, 2048), shapes.get("merger.heads"));
  }

  @Test
  void brainMagickSaysWhatItLacks() {
    IllegalArgumentException places =
        assertThrows(
            IllegalArgumentException.class,
            () -> BrainMagick.defaults().network(NetworkSizes.ofEpochs(60, 100, 16)));
    assertTrue(places.getMessage().contains("sensors.tsv"), places.getMessage());
    IllegalArgumentException targets =
        assertThrows(
            IllegalArgumentException.class,
            () -> published(BrainMagick.Pooling.NONE).network(meg(List.of(1024))));
    assertTrue(targets.getMessage().contains("[dim, 343]"), targets.getMessage());
  }

  @Test
  void eegNetHas2484ParametersFor22ChannelsAnd512Samples() {
    NetworkSizes sizes = NetworkSizes.ofEpochs(22, 512, 4);
    assertEquals(2_484, Parameters.count(EegNet.defaults().network(sizes)));
  }

  @Test
  void temporalSpatialConvolutionMakes1440FeaturesOf250Samples() {
    assertEquals(1440, TemporalSpatialConvolution.defaults().features(250));
    Map<String, Shape> shapes =
        Parameters.shapes(Nice.defaults().network(NetworkSizes.ofEpochs(63, 250, 768)));
    assertEquals(Shape.of(768, 1440), shapes.get("projector.into.weight"));
  }

  @Test
  void conformerHasItsPublishedTokens() {
    Map<String, Shape> shapes =
        Parameters.shapes(EegConformer.defaults().network(NetworkSizes.ofEpochs(22, 1000, 4)));
    assertEquals(Shape.of(256, 2440), shapes.get("hidden.0.weight"), "61 tokens of width 40");
  }

  @Test
  void epochsThatAreTooShortAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Nice.defaults().network(NetworkSizes.ofEpochs(63, 60, 768)));
    assertTrue(refused.getMessage().contains("longer epochs"), refused.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Nice.defaults().network(NetworkSizes.of(200, 768)));
  }

  @Test
  void sensorsLieOnTheUnitSquare() {
    Tensor flat =
        SensorLayout.square(
            List.of(
                List.of(0.0, 0.0, 1.0),
                List.of(1.0, 0.0, 0.0),
                List.of(-1.0, 0.0, 0.0),
                List.of(0.0, Math.sqrt(0.5), Math.sqrt(0.5)),
                List.of(Double.NaN, 0.0, 0.0)));
    float[] expected = {0.5f, 0, 1, 0, 0, 0, 0.5f, 1, -0.1f, -0.1f};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], flat.array()[i], 1e-6, Arrays.toString(flat.array()));
    }
  }
}
