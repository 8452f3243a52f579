package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Both terms in closed form: subject s embeds x as a_s·x and rebuilds e as b_s·e, so with two
 * subjects the rebuilt response is b_s·a_s·x and the embedding after the cycle a_o·b_o·a_s·x, o the
 * other one.
 */
class CycleTest {
  private static final double[] A = {2, 0.5};
  private static final double[] B = {0.25, 4};

  private static SubjectLinear scale() {
    return new SubjectLinear(2, 1, 1, SubjectLinear.Axes.FLAT, Bias.WITHOUT);
  }

  private static Map<String, Double> terms(double reconstruction, double cycle) {
    Cycle layer = new Cycle(scale(), scale(), 2, reconstruction, cycle);
    return Scope.get(
        () -> {
          Map<String, Tensor> weights = new LinkedHashMap<>();
          weights.put(
              "embed.weight", Tensor.wrap(new float[] {(float) A[0], (float) A[1]}, 2, 1, 1));
          if (reconstruction > 0 || cycle > 0) {
            weights.put(
                "build.weight", Tensor.wrap(new float[] {(float) B[0], (float) B[1]}, 2, 1, 1));
          }
          Parameters parameters = Parameters.of(layer, weights);
          Pass pass =
              Pass.training(parameters, TorchRandom.ofNumber(1))
                  .with(SubjectLinear.SUBJECT, Value.of(new long[] {0, 1, 0}, 3));
          layer.forward(pass, Value.of(Tensor.wrap(new float[] {1, 3, -2}, 3, 1)));
          Map<String, Double> found = new LinkedHashMap<>();
          pass.terms().forEach((name, term) -> found.put(name, term.item()));
          parameters.free();
          return found;
        });
  }

  @Test
  void rebuiltResponsesAndEmbeddingsAfterTheCycleInClosedForm() {
    double[] x = {1, 3, -2};
    int[] subject = {0, 1, 0};
    double rebuilt = 0;
    double again = 0;
    for (int row = 0; row < 3; row++) {
      int own = subject[row];
      int other = 1 - own;
      double embedded = A[own] * x[row];
      rebuilt += Math.pow(B[own] * embedded - x[row], 2) / 3;
      again += Math.pow(A[other] * B[other] * embedded - embedded, 2) / 3;
    }
    Map<String, Double> found = terms(3, 0.5);
    assertEquals(3 * rebuilt, found.get("reconstruction"), 1e-5);
    assertEquals(0.5 * again, found.get("cycle"), 1e-5);
  }

  @Test
  void whatHasNoWeightIsNotAdded() {
    assertEquals(Map.of(), terms(0, 0));
    assertEquals(java.util.Set.of("cycle"), terms(0, 1).keySet());
  }
}
