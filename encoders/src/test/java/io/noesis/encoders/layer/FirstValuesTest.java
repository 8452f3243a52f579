package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What layers are before training. */
class FirstValuesTest {
  private static Tensor forward(Layer layer, Parameters parameters, Tensor input) {
    return Scope.get(() -> layer.forward(Pass.evaluation(parameters), Value.of(input)).toTensor());
  }

  @Test
  void otherFirstValuesReachTheNamedParametersOfInnerLayersOnly() {
    Layer layer = new Starting(FeedForward.of(60, 80), "weight", new Initial.TruncatedNormal(0.02));
    Parameters parameters = Parameters.of(layer, Seed.of(4));
    Map<String, Tensor> numbers = parameters.snapshot();
    for (String name : List.of("into.weight", "out.weight")) {
      double squares = 0;
      for (float value : numbers.get(name).array()) {
        assertTrue(Math.abs(value) <= 0.04, name + " " + value);
        squares += (double) value * value;
      }
      // A normal distribution cut at two standard deviations has 0.8796 of the standard deviation.
      assertEquals(0.8796 * 0.02, Math.sqrt(squares / 4800), 0.0005, name);
    }
    float widest = 0;
    for (float value : numbers.get("into.bias").array()) {
      widest = Math.max(widest, Math.abs(value));
    }
    assertTrue(widest > 0.05 && widest <= 1 / Math.sqrt(60), "bias up to " + widest);
    parameters.free();
  }

  @Test
  void aSteeredBranchBeginsAsNothing() {
    Layer layer = new AdaLnZero(FeedForward.of(3, 5), 3, 4);
    Parameters parameters = Parameters.of(layer, Seed.of(4));
    Tensor input = Tensor.wrap(new float[] {1, 5, -2, 0, 3, 7}, 1, 2, 3);
    Tensor out =
        Scope.get(
            () ->
                layer
                    .forward(
                        Pass.evaluation(parameters)
                            .with(
                                AdaLnZero.CONDITION,
                                Value.of(Tensor.wrap(new float[] {1, 2, 3, 4}, 1, 4))),
                        Value.of(input))
                    .toTensor());
    assertEquals(input, out);
    parameters.free();
  }

  @Test
  void fixedPositionsAreSinesAndCosinesInTurn() {
    SinusoidalPositions row = SinusoidalPositions.of(3, 5);
    Parameters none = Parameters.of(row, Seed.of(1));
    float[] found = forward(row, none, Tensor.zeros(1, 3, 5)).array();
    double[] rates = {1, Math.pow(10000, -2 / 5.0), Math.pow(10000, -4 / 5.0)};
    for (int p = 0; p < 3; p++) {
      for (int i = 0; i < 5; i++) {
        double angle = p * rates[i / 2];
        assertEquals(
            i % 2 == 0 ? Math.sin(angle) : Math.cos(angle), found[5 * p + i], 1e-6, p + "," + i);
      }
    }
    // On a grid of 2 × 3 the first two numbers tell the row, the others the column.
    SinusoidalPositions grid = new SinusoidalPositions(List.of(2, 3), 4);
    float[] last = forward(grid, none, Tensor.zeros(1, 6, 4)).array();
    assertArrayEquals(
        new float[] {
          (float) Math.sin(1), (float) Math.cos(1), (float) Math.sin(2), (float) Math.cos(2)
        },
        java.util.Arrays.copyOfRange(last, 20, 24),
        1e-6f);
    none.free();
  }
}
