package io.noesis.encoders.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnedProductTest {
  private static Value[] gradients(Value x, Value weight, Value bias, Value out) {
    Ops.mean(Ops.square(out)).backward();
    return new Value[] {out, x.gradient(), weight.gradient(), bias.gradient()};
  }

  private static Value leaf(long seed, int... sizes) {
    return Ops.normal(TorchRandom.ofNumber(seed), 0, 1, sizes).requireGradient();
  }

  @Test
  void aLargeProductIsThatOfItsPartsAndSoAreItsGradients() {
    Scope.run(
        () -> {
          Value x = leaf(1, 33, 2000);
          Value weight = leaf(2, 1600, 2000);
          Value bias = leaf(3, 1600);
          Value[] whole = gradients(x, weight, bias, Neural.linear(x, weight, bias));
          Value y = x.detach().requireGradient();
          Value other = weight.detach().requireGradient();
          Value shift = bias.detach().requireGradient();
          // Rank 3 is never turned.
          Value plain = Ops.dropAxis(Neural.linear(Ops.addAxis(y, 1), other, shift), 1);
          Value[] parts = gradients(y, other, shift, plain);
          for (int i : IntStream.range(0, 4).toArray()) {
            double[] found = whole[i].toDoubles();
            double[] expected = parts[i].toDoubles();
            assertEquals(List.of(expected.length), List.of(found.length));
            double largest = java.util.Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            for (int k = 0; k < found.length; k += 7) {
              assertEquals(expected[k], found[k], 1e-5 * largest);
            }
          }
        });
  }
}
