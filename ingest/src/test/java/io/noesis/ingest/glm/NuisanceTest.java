package io.noesis.ingest.glm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class NuisanceTest {
  private static final int VOLUMES = 60;
  private static final RunTiming TIMING = RunTiming.of(VOLUMES, 1.5);
  private static final Drift DRIFT = new Drift.Cosine(0.02);

  private static Confounds confounds(PinnedRandom random, int columns) {
    double[] values = new double[VOLUMES * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return new Confounds(
        List.of("a", "b").subList(0, columns), Matrix.wrap(VOLUMES, columns, values));
  }

  /** What is left knows nothing of what was taken away, and what was not in there stays. */
  @Test
  void theRestIsOrthogonalToConfoundsDriftAndConstantAndKeepsTheSignal() {
    PinnedRandom random = Seed.of(2).random();
    Confounds confounds = confounds(random, 2);
    List<double[]> drift = DRIFT.columns(TIMING.frameTimes());
    assertEquals(3, drift.size());
    Tensor bold = Tensor.zeros(VOLUMES, 70).map(zero -> 1000 + 10 * random.nextGaussian());
    Tensor signal = Nuisance.without(TIMING, confounds, DRIFT, bold);
    Tensor spoilt = Tensor.zeros(VOLUMES, 70);
    for (int v = 0; v < VOLUMES; v++) {
      for (int i = 0; i < 70; i++) {
        spoilt.array()[v * 70 + i] =
            (float)
                (signal.at(v, i)
                    + 500
                    + 20 * confounds.values().at(v, 0)
                    - i * confounds.values().at(v, 1)
                    + 30 * drift.get(i % 3)[v]);
      }
    }
    Tensor rest = Nuisance.without(TIMING, confounds, DRIFT, spoilt);
    for (int i = 0; i < 70; i++) {
      double byConfound = 0;
      double byDrift = 0;
      double mean = 0;
      for (int v = 0; v < VOLUMES; v++) {
        assertEquals(signal.at(v, i), rest.at(v, i), 1e-3);
        byConfound += rest.at(v, i) * confounds.values().at(v, 1);
        byDrift += rest.at(v, i) * drift.get(1)[v];
        mean += rest.at(v, i);
      }
      assertEquals(0, byConfound, 1e-2);
      assertEquals(0, byDrift, 1e-2);
      assertEquals(0, mean, 1e-2);
    }
  }

  @Test
  void columnsThatSayTheSameAreRefused() {
    double[] values = new double[VOLUMES];
    java.util.Arrays.fill(values, 3);
    Confounds constant = new Confounds(List.of("a"), Matrix.wrap(VOLUMES, 1, values));
    DataException refused =
        assertThrows(
            DataException.class,
            () -> Nuisance.without(TIMING, constant, DRIFT, Tensor.zeros(VOLUMES, 3)));
    assertTrue(refused.getMessage().contains("'constant'"), refused::getMessage);
  }
}
