package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Only patches that were not seen count, and each in its place. */
class MaskedAutoencoderTest {
  private static final int TOKENS = 5;

  /** Patches of two samples, encoded as their mean; the decoder repeats tokens, masks are 0. */
  private static MaskedAutoencoder network() {
    return new MaskedAutoencoder(
        new PatchTokenizer(1, java.util.List.of(2 * TOKENS), java.util.List.of(2), 1),
        new Identity(),
        new Identity(),
        new MaskedAutoencoder.Filling(
            0.4, 0, 1, new Identity(), new Identity(), MaskedAutoencoder.Target.RAW));
  }

  private static Parameters parameters(double mask) {
    Map<String, Tensor> numbers = new LinkedHashMap<>();
    numbers.put("patches.patches.weight", Tensor.wrap(new float[] {0.5f, 0.5f}, 1, 1, 2));
    numbers.put("patches.patches.bias", Tensor.zeros(1));
    numbers.put("into.weight", Tensor.wrap(new float[] {1}, 1, 1));
    numbers.put("into.bias", Tensor.zeros(1));
    numbers.put("mask_token", Tensor.wrap(new float[] {(float) mask}, 1));
    numbers.put("out.weight", Tensor.wrap(new float[] {1, 1}, 2, 1));
    numbers.put("out.bias", Tensor.zeros(2));
    return Parameters.of(network(), numbers);
  }

  @Test
  void theErrorIsThatOfHiddenPatchesOnly() {
    int[] at = {0};
    // Patch t of row r is 2^(5r + t), twice: sums tell which were seen.
    Tensor input = Tensor.zeros(3, 1, 2 * TOKENS).map(zero -> Math.pow(2, at[0]++ / 2 % 15));
    Parameters parameters = parameters(3);
    Scope.run(
        () -> {
          Pass pass = Pass.training(parameters, TorchRandom.of(Seed.of(8)));
          Tensor seen = network().forward(pass, Value.of(input)).toTensor();
          assertEquals("[3, 3, 1]", seen.shape().toString());
          double error = 0;
          for (int row = 0; row < 3; row++) {
            double hidden = 0;
            for (int token = 0; token < TOKENS; token++) {
              double patch = input.at(row, 0, 2 * token);
              boolean visible = false;
              for (int i = 0; i < 3; i++) {
                visible |= seen.at(row, i, 0) == patch;
              }
              error += visible ? 0 : (patch - 3) * (patch - 3) / 6;
              hidden += visible ? 0 : 1;
            }
            assertEquals(2, hidden);
          }
          assertEquals(
              error, pass.terms().get(MaskedAutoencoder.RECONSTRUCTION).item(), 1e-6 * error);
        });
    parameters.free();
  }

  @Test
  void evaluationSeesAllPatchesInTheirOrderAndAddsNoTerm() {
    int[] at = {0};
    Tensor input = Tensor.zeros(2, 1, 2 * TOKENS).map(zero -> at[0]++);
    Parameters parameters = parameters(3);
    Scope.run(
        () -> {
          Pass pass = Pass.evaluation(parameters);
          Tensor tokens = network().forward(pass, Value.of(input)).toTensor();
          at[0] = 0;
          assertEquals(Tensor.zeros(2, TOKENS, 1).map(zero -> 2 * at[0]++ + 0.5), tokens);
          assertEquals(Map.of(), pass.terms());
        });
    parameters.free();
  }
}
