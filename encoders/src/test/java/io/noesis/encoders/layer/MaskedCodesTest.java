package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.torch.Optimizer;
import io.noesis.encoders.torch.ParameterGroup;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.UpdateRule;
import io.noesis.encoders.torch.Value;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Codes of hidden tokens can be named from the others where they hang together, else not. */
class MaskedCodesTest {
  private static final int ROWS = 64;
  private static final int TOKENS = 6;

  private static MaskedCodes network() {
    return new MaskedCodes(
        Linear.of(2, 8),
        TransformerBlock.of(
            Attention.self(8, 2), FeedForward.of(8, 16), NormedResidual.Style.normFirst()),
        new Identity(),
        new VectorQuantise(2, 2, 0.9, VectorQuantise.Space.FLAT),
        new MaskedCodes.Masking(8, 0.5));
  }

  /** Each row has one of two vectors in all its tokens, or each token by itself has. */
  private static Tensor rows(boolean alike) {
    PinnedRandom random = Seed.of(2).random();
    float[] values = new float[ROWS * TOKENS * 2];
    int which = 0;
    for (int token = 0; token < ROWS * TOKENS; token++) {
      if (!alike || token % TOKENS == 0) {
        which = random.nextInt(2);
      }
      values[2 * token + which] = 1;
    }
    return Tensor.wrap(values, ROWS, TOKENS, 2);
  }

  private static double lossAfterTraining(boolean alike) {
    MaskedCodes network = network();
    Parameters parameters = Parameters.of(network, Seed.of(6));
    Scope.run(
        () ->
            parameters
                .get("quantiser.codebook")
                .assign(Value.of(Tensor.wrap(new float[] {1, 0, 0, 1}, 2, 2))));
    parameters.freeze("quantiser.codebook");
    Optimizer optimizer =
        new Optimizer(
            UpdateRule.AdamW.defaults(),
            java.util.List.of(new ParameterGroup(parameters.learned(), 1, 0)));
    Tensor input = rows(alike);
    double[] loss = {0};
    for (int step = 0; step < 120; step++) {
      Seed draws = Seed.of(3).child("step-" + step);
      Scope.run(
          () -> {
            Pass pass = Pass.training(parameters, TorchRandom.of(draws));
            Tensor out = network.forward(pass, Value.of(input)).toTensor();
            assertEquals("[64, 6, 8]", out.shape().toString());
            assertEquals(Set.of(MaskedCodes.CODES), pass.terms().keySet());
            Value term = pass.terms().get(MaskedCodes.CODES);
            optimizer.clearGradients();
            term.backward();
            optimizer.step(0.01);
            loss[0] = term.item();
          });
    }
    assertNull(parameters.get("quantiser.codebook").gradient());
    assertNotNull(parameters.get("mask_token").gradient());
    optimizer.free();
    parameters.free();
    return loss[0];
  }

  @Test
  void hiddenTokensAreNamedFromTheOthers() {
    double together = lossAfterTraining(true);
    assertTrue(together < 0.05, "loss " + together);
    // Nothing tells of tokens by themselves, and those that are seen do not count: log 2.
    double apart = lossAfterTraining(false);
    assertEquals(Math.log(2), apart, 0.06);
  }
}
