package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.torch.Window;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of layer that published decoders are composed of, with its variants, is among the
 * samples, which {@link LayerContractTest} holds to gradients, graphs, rows and seeds.
 */
class ListedLayersTest {
  private static Stream<Layer> samples() {
    return Layers.registry().entries().stream()
        .flatMap(entry -> entry.value().stream())
        .map(LayerSample::layer);
  }

  private static Named<Predicate<Layer>> kind(String name, Predicate<Layer> is) {
    return Named.of(name, is);
  }

  private static Named<Predicate<Layer>> kind(Class<? extends Layer> type) {
    return Named.of(type.getSimpleName(), type::isInstance);
  }

  private static Named<Predicate<Layer>> convolution(String name, Predicate<Convolution> is) {
    return Named.of("convolution, " + name, l -> l instanceof Convolution c && is.test(c));
  }

  private static boolean dilated(Window window) {
    return Arrays.stream(window.dilation()).anyMatch(d -> d > 1);
  }

  private static Named<Predicate<Layer>> attention(String name, Predicate<Attention> is) {
    return Named.of("attention, " + name, l -> l instanceof Attention a && is.test(a));
  }

  private static Named<Predicate<Layer>> patches(int axes) {
    return Named.of(
        axes + "-D patches", l -> l instanceof PatchTokenizer p && p.extents().size() == axes);
  }

  static Stream<Named<Predicate<Layer>>> listed() {
    return Stream.of(
        kind(Linear.class),
        kind(
            "linear map per subject",
            l -> l instanceof SubjectLinear s && s.axes() == SubjectLinear.Axes.FLAT),
        kind(
            "1x1 convolution per subject",
            l -> l instanceof SubjectLinear s && s.axes() == SubjectLinear.Axes.TIME),
        kind(LayerNorm.class),
        kind(BatchNorm.class),
        kind(GroupNorm.class),
        kind(Gelu.class),
        kind(Elu.class),
        kind(Glu.class),
        kind(Silu.class),
        kind("dropout", l -> l instanceof Dropout d && d.unit() == Dropout.Unit.ELEMENT),
        kind("channel dropout", l -> l instanceof Dropout d && d.unit() == Dropout.Unit.CHANNEL),
        convolution("1-D", c -> c.window().axes() == 1),
        convolution("2-D", c -> c.window().axes() == 2),
        convolution("3-D", c -> c.window().axes() == 3),
        convolution("dilated", c -> dilated(c.window())),
        convolution("depthwise", c -> c.window().groups() == c.in() && c.in() > 1),
        convolution(
            "pointwise, the other half of separable ones",
            c -> Arrays.stream(c.window().size()).allMatch(size -> size == 1)),
        kind(TransposedConvolution.class),
        kind(AveragePool.class),
        kind(MaxPool.class),
        kind(AdaptiveMaxPool.class),
        attention("self", a -> a.source() == Attention.Source.INPUT),
        attention("cross", a -> a.source() == Attention.Source.CONTEXT),
        attention("QK-norm", a -> a.options().norm() == Attention.QueryKeyNorm.LAYER),
        attention("causal", a -> a.options().sight() == Sight.EARLIER),
        kind(QueryPooling.class),
        kind(PositionEmbedding.class),
        kind(FourierPositions.class),
        kind(
            "sensor attention with spatial dropout",
            l -> l instanceof SpatialAttention s && s.dropRadius() > 0),
        patches(1),
        patches(2),
        patches(3),
        kind(VectorQuantise.class),
        kind(AdaLnZero.class),
        kind(Residual.class),
        kind(Highway.class));
  }

  @ParameterizedTest
  @MethodSource("listed")
  void isAmongTheSamples(Predicate<Layer> kind) {
    assertTrue(samples().anyMatch(kind));
  }
}
