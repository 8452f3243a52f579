package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Codes move towards what chose them; the gradient goes straight through. */
class VectorQuantiseTest {
  private static final VectorQuantise LAYER =
      new VectorQuantise(3, 2, 0.75, VectorQuantise.Space.FLAT);

  private static Parameters codes(double started, float... codes) {
    return Parameters.of(
        LAYER,
        Map.of(
            "codebook", Tensor.wrap(codes, 3, 2),
            "started", Tensor.wrap(new float[] {(float) started}, 1)));
  }

  @Test
  void gradientsGoStraightThroughAndTheCommitmentPullsVectorsToTheirCodes() {
    Parameters parameters = codes(1, 0, 0, 4, 0, 0, 9);
    Scope.run(
        () -> {
          Value x = Value.of(Tensor.wrap(new float[] {3, 1, -1, 0}, 2, 2)).requireGradient();
          Pass pass = Pass.evaluation(parameters);
          Value out = LAYER.forward(pass, x);
          assertEquals(Tensor.wrap(new float[] {4, 0, 0, 0}, 2, 2), out.toTensor());
          Value commitment = pass.terms().get(VectorQuantise.COMMITMENT);
          assertEquals((1 + 1 + 1) / 4.0, commitment.item(), 1e-6);
          Value seven = Value.of(Tensor.wrap(new float[] {1, 10, 100, 1000}, 2, 2));
          Ops.add(Ops.sum(Ops.multiply(out, seven)), commitment).backward();
          // 2/4·(x − code) beside what came in.
          assertArrayEquals(
              new double[] {1 - 0.5, 10 + 0.5, 100 - 0.5, 1000}, x.gradient().toDoubles(), 1e-4);
        });
    parameters.free();
  }

  @Test
  void codesMoveToTheMeanOfWhatChoseThemAndTheOthersStay() {
    Parameters parameters = codes(1, 0, 0, 4, 0, 0, 9);
    Scope.run(
        () -> {
          Value x = Value.of(Tensor.wrap(new float[] {3, 1, 5, 3, -1, 0}, 3, 2));
          LAYER.forward(Pass.training(parameters, TorchRandom.ofNumber(0)), x);
        });
    assertEquals(
        Tensor.wrap(new float[] {-0.25f, 0, 4, 0.5f, 0, 9}, 3, 2),
        parameters.snapshot().get("codebook"));
    parameters.free();
  }

  @Test
  void theFirstBatchIsClusteredAndFrozenCodesStay() {
    Parameters parameters = Parameters.of(LAYER, Seed.of(3));
    Tensor before = parameters.snapshot().get("codebook");
    parameters.freeze("codebook");
    float[] spots = new float[60];
    for (int i = 0; i < 30; i++) {
      spots[2 * i] = i % 3 == 1 ? 50 : 0;
      spots[2 * i + 1] = i % 3 == 2 ? 50 : 0;
    }
    Tensor batch = Tensor.wrap(spots, 30, 2);
    Scope.run(() -> LAYER.forward(training(parameters, 1), Value.of(batch)));
    assertEquals(before, parameters.snapshot().get("codebook"));
    parameters.free();

    Parameters free = Parameters.of(LAYER, Seed.of(3));
    Scope.run(
        () -> {
          Value out = LAYER.forward(training(free, firstOfAllSpots()), Value.of(batch));
          assertArrayEquals(spots, out.toTensor().array(), 1e-4f);
        });
    assertEquals(1, free.snapshot().get("started").at(0));
    free.free();
  }

  private static Pass training(Parameters parameters, long draws) {
    return Pass.training(parameters, TorchRandom.ofNumber(draws));
  }

  /**
   * A stream whose first three vectors are of different spots: k-means finds the nearest optimum.
   */
  private static long firstOfAllSpots() {
    return 4;
  }

  @Test
  void namesTheCodes() {
    Parameters parameters = codes(1, 0, 0, 4, 0, 0, 9);
    Scope.run(
        () -> {
          Value x = Value.of(Tensor.wrap(new float[] {3, 1, 0, 8, -1, 0, 0, 5}, 2, 2, 2));
          Value codes = LAYER.codes(Pass.evaluation(parameters), x);
          assertEquals("[2, 2]", codes.shape().toString());
          assertArrayEquals(new long[] {1, 2, 0, 2}, codes.toLongs());
        });
    parameters.free();
  }
}
