package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.encoders.torch.Window;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers compute what PyTorch's modules do: fixtures/make/torch_layers.py. */
class LayerParityTest {
  private static final double TOLERANCE = 1e-5;
  private static Safetensors python;

  @BeforeAll
  static void open() throws Exception {
    python =
        Safetensors.open(Path.of(LayerParityTest.class.getResource("layers.safetensors").toURI()));
  }

  @AfterAll
  static void close() {
    python.close();
  }

  private static Layer layer(String name) {
    Attention.Options six = Attention.Options.defaults(6);
    FourierPositions waves = new FourierPositions(2, 6, 0.2);
    return switch (name) {
      case "attention-causal-masked" ->
          Attention.self(6, 3).with(six.withSight(Sight.EARLIER_AND_MASKED));
      case "attention-cross-masked" -> Attention.cross(6, 7, 2).with(six.withSight(Sight.MASKED));
      case "attention-normed" ->
          Attention.self(5, 3, 4)
              .with(
                  Attention.Options.defaults(12)
                      .withNorm(Attention.QueryKeyNorm.LAYER)
                      .withBias(Bias.WITHOUT, Bias.WITH));
      case "transformer-norm-first" ->
          TransformerBlock.of(
              Attention.self(6, 2), FeedForward.of(6, 9), NormedResidual.Style.normFirst());
      case "transformer-norm-last" ->
          TransformerBlock.of(
              Attention.self(6, 2), FeedForward.of(6, 9), NormedResidual.Style.normLast());
      case "transformer-decoder" ->
          new TransformerBlock(
              List.of(
                  Attention.self(6, 3).with(six.withSight(Sight.EARLIER)),
                  Attention.cross(6, 6, 3)),
              new FeedForward(6, 7, new Relu(), 0),
              NormedResidual.Style.normLast());
      case "ada-ln-zero" -> new AdaLnZero(new FeedForward(6, 9, new GeluByTanh(), 0), 6, 5);
      case "spatial-fixed" ->
          new SpatialAttention(5, waves, 0.2, python.read("spatial-fixed/further/places"));
      case "spatial-given" -> new SpatialAttention(5, waves, 0.2, null);
      case "transposed-1d" ->
          named(
              new TransposedConvolution(
                  4, 6, Window.of(5).withStride(3).withPadding(1).withGroups(2), 2, Bias.WITH));
      case "transposed-2d" ->
          named(
              new TransposedConvolution(
                  3, 2, Window.of(4, 3).withStride(2, 2).withPadding(1, 0), 1, Bias.WITH));
      case "patches-3d" -> new PatchTokenizer(2, List.of(3, 4, 5), List.of(2, 2, 3), 5);
      case "max-norm" ->
          named(new MaxNorm(new Convolution(3, 6, Window.of(5, 3).withGroups(3), Bias.WITH), 1));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Layer named(Layer layer) {
    return Sequence.builder().add("x", layer).build();
  }

  private static Map<String, Tensor> under(String prefix) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    for (String name : python.names()) {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), python.read(name));
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attention-causal-masked",
        "attention-cross-masked",
        "attention-normed",
        "transformer-norm-first",
        "transformer-norm-last",
        "transformer-decoder",
        "ada-ln-zero",
        "spatial-fixed",
        "spatial-given",
        "transposed-1d",
        "transposed-2d",
        "patches-3d",
        "max-norm"
      })
  void outputAndGradientAreThoseOfPyTorch(String name) {
    Layer layer = layer(name);
    Parameters parameters = Parameters.of(layer, under(name + "/weight/"));
    Scope.run(
        () -> {
          Pass pass = Pass.evaluation(parameters);
          for (Map.Entry<String, Tensor> further : under(name + "/further/").entrySet()) {
            pass = pass.with(further.getKey(), Value.of(further.getValue()));
          }
          Value input = Value.of(python.read(name + "/input")).requireGradient();
          Value out = layer.forward(pass, input);
          assertClose(python.read(name + "/output"), out.toTensor());
          along(out).backward();
          assertClose(python.read(name + "/gradient"), input.gradient().toTensor());
        });
    parameters.free();
  }

  /** Σ outputᵢ · cos(i). */
  private static Value along(Value out) {
    int[] at = {0};
    Tensor direction = Tensor.zeros(out.shape().toArray()).map(zero -> Math.cos(at[0]++));
    return Ops.sum(Ops.multiply(out, Value.of(direction)));
  }

  @Test
  void codesMoveAsInPyTorch() {
    VectorQuantise layer = new VectorQuantise(6, 4, 0.9, VectorQuantise.Space.SPHERE);
    Parameters parameters =
        Parameters.of(
            layer,
            Map.of(
                "codebook", python.read("codes/weight/codebook"),
                "started", Tensor.wrap(new float[] {1}, 1)));
    for (int step = 0; step < 2; step++) {
      String at = "codes/" + step + "/";
      Scope.run(
          () -> {
            Pass pass = Pass.training(parameters, TorchRandom.ofNumber(0));
            Value input = Value.of(python.read(at + "input")).requireGradient();
            Value out = layer.forward(pass, input);
            Value commitment = pass.terms().get(VectorQuantise.COMMITMENT);
            assertClose(python.read(at + "output"), out.toTensor());
            assertEquals(python.read(at + "commitment").at(0), commitment.item(), TOLERANCE);
            Ops.add(along(out), Ops.multiply(commitment, 3)).backward();
            assertClose(python.read(at + "gradient"), input.gradient().toTensor());
          });
      assertClose(python.read(at + "codebook"), parameters.snapshot().get("codebook"));
    }
    parameters.free();
  }

  private static void assertClose(Tensor expected, Tensor found) {
    assertEquals(expected.shape(), found.shape());
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, Math.abs(expected.array()[i]));
      difference = Math.max(difference, Math.abs(expected.array()[i] - found.array()[i]));
    }
    assertTrue(difference <= TOLERANCE * largest, difference + " of " + largest);
  }
}
