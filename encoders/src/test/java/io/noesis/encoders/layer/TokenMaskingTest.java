package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many tokens are masked or left out, and which. */
class TokenMaskingTest {
  private static final int ROWS = 40;
  private static final int TOKENS = 10;

  /** Token t of each row is the number t + 1. */
  private static Tensor tokens() {
    int[] at = {0};
    return Tensor.zeros(ROWS, TOKENS, 1).map(zero -> at[0]++ % TOKENS + 1);
  }

  private static Tensor train(Layer layer, Map<String, Tensor> weights) {
    Parameters parameters = Parameters.of(layer, weights);
    Tensor out =
        Scope.get(
            () ->
                layer
                    .forward(Pass.training(parameters, TorchRandom.ofNumber(3)), Value.of(tokens()))
                    .toTensor());
    parameters.free();
    return out;
  }

  @Test
  void eachRowHasItsNumberOfMaskedTokensInOtherPlaces() {
    Tensor out =
        train(new TokenMasking(1, 0.3), Map.of("weight", Tensor.wrap(new float[] {-5}, 1)));
    int[] masked = new int[TOKENS];
    for (int row = 0; row < ROWS; row++) {
      int count = 0;
      for (int token = 0; token < TOKENS; token++) {
        float value = out.at(row, token, 0);
        assertTrue(value == -5 || value == token + 1, "token " + value);
        if (value == -5) {
          masked[token]++;
          count++;
        }
      }
      assertEquals(3, count);
    }
    for (int count : masked) {
      assertTrue(count > 2 && count < 25, "of 12 expected " + count);
    }
  }

  @Test
  void tokensThatStayKeepTheirOrderAndTheFirstIsNeverLeftOut() {
    Tensor out = train(new TokenDropout(0.6, 1), Map.of());
    assertEquals("[40, 5, 1]", out.shape().toString());
    boolean differ = false;
    for (int row = 0; row < ROWS; row++) {
      assertEquals(1, out.at(row, 0, 0));
      for (int i = 1; i < 5; i++) {
        assertTrue(out.at(row, i, 0) > out.at(row, i - 1, 0));
        differ |= out.at(row, i, 0) != out.at(0, i, 0);
      }
    }
    assertNotEquals(false, differ);
  }
}
