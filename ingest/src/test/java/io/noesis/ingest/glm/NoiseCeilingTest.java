package io.noesis.ingest.glm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseCeilingTest {

  private static List<String> ids(int repetitions, int stimuli) {
    List<String> ids = new ArrayList<>();
    for (int r = 0; r < repetitions; r++) {
      for (int s = 0; s < stimuli; s++) {
        ids.add("s" + s);
      }
    }
    return ids;
  }

  /** Numbers of {@code shared/reference/metrics.md} 4.2, from numpy's RandomState(0). */
  @Test
  void goldenOfTheNaturalScenesDefinition() {
    Matrix golden = Fixture.matrix("golden_repeats_3x200.f64", 3, 200);
    Tensor betas = golden.toTensor().reshape(600, 1);
    NoiseCeiling ceiling = NoiseCeiling.measure(betas, ids(3, 200));
    assertEquals(200, ceiling.repeatedStimuli());
    assertEquals(1.0540033, ceiling.ncsnr().at(0), 1e-6);
    assertEquals(76.92007, ceiling.percent(3).at(0), 1e-4);
    assertEquals(52.62736, ceiling.percent(1).at(0), 1e-4);
    assertEquals(ceiling.percent(3).at(0), ceiling.percent(new int[] {3, 3, 3}).at(0), 1e-5);
    double square = 1.0540033 * 1.0540033;
    assertEquals(
        100 * square / (square + (1 / 3.0 + 1 / 2.0 + 1) / 3),
        ceiling.percent(new int[] {3, 2, 1}).at(0),
        1e-4);
  }

  @Test
  void scaleAndMeanOfASessionDoNotMatter() {
    Matrix golden = Fixture.matrix("golden_repeats_3x200.f64", 3, 200);
    Tensor betas = golden.toTensor().reshape(600, 1);
    float[] moved = betas.array().clone();
    List<String> sessions = new ArrayList<>();
    for (int t = 0; t < 600; t++) {
      sessions.add(t < 300 ? "one" : "two");
      moved[t] = t < 300 ? moved[t] : 40 * moved[t] + 900;
    }
    assertEquals(
        NoiseCeiling.measure(betas, ids(3, 200), sessions).ncsnr().at(0),
        NoiseCeiling.measure(Tensor.wrap(moved, 600, 1), ids(3, 200), sessions).ncsnr().at(0),
        1e-4);
  }

  @Test
  void edgesAreDefined() {
    // Voxels: constant, without noise, without signal (repetitions of opposite sign).
    float[] values = {3, 1, 1, 3, 2, 2, 3, 1, -1, 3, 2, -2};
    NoiseCeiling ceiling =
        NoiseCeiling.measure(Tensor.wrap(values, 4, 3), List.of("a", "b", "a", "b"));
    assertEquals(0f, ceiling.percent(2).at(0));
    assertEquals(100f, ceiling.percent(2).at(1));
    assertEquals(0f, ceiling.percent(2).at(2));
  }

  @Test
  void withoutRepetitionsThereIsNoCeiling() {
    String message =
        assertThrows(
                DataException.class,
                () -> NoiseCeiling.measure(Tensor.zeros(3, 2), List.of("a", "b", "c")))
            .getMessage();
    assertTrue(message.contains("none of 3 trials"), message);
    assertTrue(
        assertThrows(
                DataException.class,
                () ->
                    NoiseCeiling.measure(
                        Tensor.zeros(3, 2), List.of("a", "a", "b"), List.of("1", "1", "2")))
            .getMessage()
            .contains("session '2' has a single trial"));
  }

  @Test
  void reliabilityOfSimulatedRepeatsIsSignalOverSignalAndNoise() {
    PinnedRandom random = Seed.of(5).random();
    int stimuli = 3000;
    double noise = 1.5;
    double[] signal = new double[stimuli];
    float[] betas = new float[4 * stimuli];
    for (int t = 0; t < betas.length; t++) {
      int s = t % stimuli;
      signal[s] = t < stimuli ? random.nextGaussian() : signal[s];
      betas[t] = (float) (signal[s] + noise * random.nextGaussian());
    }
    Tensor column = Tensor.wrap(betas, betas.length, 1);
    double expected = 1 / (1 + noise * noise / 4);
    double found =
        SplitHalf.reliability(column, ids(4, stimuli), 20, Seed.of(1).child("halves")).at(0);
    // The standard error of a correlation of 3000 pairs is below 0.02.
    assertEquals(expected, found, 0.03);
    assertEquals(100 * expected, NoiseCeiling.measure(column, ids(4, stimuli)).percent(4).at(0), 3);
    assertThrows(
        DataException.class,
        () -> SplitHalf.reliability(Tensor.zeros(4, 1), ids(2, 2), 1, Seed.of(1)));
  }
}
