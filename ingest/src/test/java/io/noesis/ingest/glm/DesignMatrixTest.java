package io.noesis.ingest.glm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Matrix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DesignMatrixTest {
  private static final RunTiming RUN = RunTiming.of(50, 2);

  private static DesignMatrix design(TrialTiming... trials) {
    return DesignMatrix.of(RUN, List.of(trials), DesignSpec.DEFAULT);
  }

  private static String refusal(Runnable work) {
    return assertThrows(DataException.class, work::run).getMessage();
  }

  @Test
  void everyResponseIsNormalisedAndPeaksBeforeItsUndershoot() {
    for (String name : Hrfs.registry().names()) {
      double[] kernel = Hrfs.registry().get(name).kernel(2, 50);
      assertEquals(1, Arrays.stream(kernel).sum(), 1e-12);
      int top = 0;
      int bottom = 0;
      for (int i = 0; i < kernel.length; i++) {
        top = kernel[i] > kernel[top] ? i : top;
        bottom = kernel[i] < kernel[bottom] ? i : bottom;
      }
      assertTrue(top < bottom && top > 100 && top < 160, name + " peaks at step " + top);
    }
    assertTrue(
        assertThrows(RecipeException.class, () -> Hrfs.registry().get("glovr"))
            .getMessage()
            .contains("Did you mean 'glover'?"));
  }

  @Test
  void longResponseOfALongStimulusReachesOne() {
    Matrix x = design(new TrialTiming("block", 4, 60)).matrix();
    assertEquals(1, x.at(30, 0), 1e-3);
  }

  @Test
  void laterStartSeesTheResponseLater() {
    List<TrialTiming> trials = List.of(new TrialTiming("a", 10, 1));
    Matrix late = DesignMatrix.of(new RunTiming(50, 2, 1), trials, DesignSpec.DEFAULT).matrix();
    Matrix early =
        DesignMatrix.of(RUN, List.of(new TrialTiming("a", 9, 1)), DesignSpec.DEFAULT).matrix();
    for (int v = 0; v < 50; v++) {
      // Onsets snap to the grid of 0.04 s.
      assertEquals(early.at(v, 0), late.at(v, 0), 5e-3);
    }
  }

  @Test
  void namesFollowTheColumns() {
    DesignMatrix design =
        DesignMatrix.of(
            RUN,
            List.of(new TrialTiming("a", 10, 1)),
            DesignSpec.DEFAULT,
            new Confounds(List.of("motion"), Matrix.zeros(50, 1)));
    assertEquals(List.of("a", "motion", "drift_1", "drift_2", "constant"), design.names());
    assertTrue(refusal(design::conditionNumber).contains("'motion' is zero everywhere"));
  }

  @Test
  void trialsOutsideTheRunAreNamed() {
    String message = refusal(() -> design(new TrialTiming("late", 100, 1)));
    assertTrue(message.contains("'late' begins at 100.0 s"), message);
    assertTrue(message.contains("50 volumes from 0.0 to 100.0 s"), message);
    assertTrue(refusal(() -> design(new TrialTiming("early", -30, 1))).contains("'early'"));
    message = refusal(() -> design(new TrialTiming("end", 99.5, 1)));
    assertTrue(message.contains("no volume saw the response to trial 'end'"), message);
    assertTrue(refusal(() -> design()).contains("no trials"));
    assertTrue(refusal(() -> new TrialTiming("x", Double.NaN, 1)).contains("'x'"));
  }

  @Test
  void trialsThatCannotBeToldApartAreNamed() {
    assertTrue(
        refusal(() -> design(new TrialTiming("a", 3, 1), new TrialTiming("a", 9, 1)))
            .contains("two trials are called 'a'"));
    DesignMatrix twins =
        design(
            new TrialTiming("a", 3, 1), new TrialTiming("b", 20, 1), new TrialTiming("c", 20, 1));
    String message = refusal(twins::conditionNumber);
    assertTrue(message.contains("column 'c' is the same as, or a sum of, 'b'."), message);
  }

  @Test
  void moreColumnsThanVolumesAreRefused() {
    TrialTiming[] trials = new TrialTiming[48];
    Arrays.setAll(trials, k -> new TrialTiming("t" + k, 1.9 * k, 1));
    assertTrue(refusal(design(trials)::conditionNumber).contains("51 columns for 50 volumes"));
  }

  @Test
  void confoundsMustBeNumbersOfTheSameRun() {
    Matrix values = Matrix.zeros(50, 1);
    values.array()[0] = Double.NaN;
    assertTrue(refusal(() -> new Confounds(List.of("dvars"), values)).contains("'dvars' is NaN"));
    assertTrue(
        refusal(
                () ->
                    DesignMatrix.of(
                        RUN,
                        List.of(new TrialTiming("a", 3, 1)),
                        DesignSpec.DEFAULT,
                        Confounds.none(49)))
            .contains("49 rows"));
  }

  @Test
  void unitVarianceOfIndependentNoiseIsTheInverseGram() {
    DesignMatrix design =
        DesignMatrix.of(
            RUN,
            List.of(new TrialTiming("a", 10, 2)),
            DesignSpec.DEFAULT.withDrift(new Drift.None()));
    Matrix x = design.matrix();
    double a = 0;
    double b = 0;
    for (int v = 0; v < 50; v++) {
      a += x.at(v, 0) * x.at(v, 0);
      b += x.at(v, 0);
    }
    assertArrayEquals(
        new double[] {9 / (a - b * b / 50)},
        design.betaNoiseVariance(BetaSpec.DEFAULT, 3, 0),
        1e-9);
  }

  @Test
  void covarianceHasTheVariancesOnItsDiagonalAndIsSymmetric() {
    DesignMatrix design =
        design(
            new TrialTiming("a", 10, 2), new TrialTiming("b", 14, 2), new TrialTiming("c", 40, 2));
    for (TrialModel model : TrialModel.values()) {
      BetaSpec spec = BetaSpec.DEFAULT.withModel(model);
      Matrix covariance = design.betaNoiseCovariance(spec, 2, 0.3);
      double[] variance = design.betaNoiseVariance(spec, 2, 0.3);
      for (int k = 0; k < 3; k++) {
        assertEquals(variance[k], covariance.at(k, k), 1e-12);
        assertEquals(covariance.at(0, k), covariance.at(k, 0), 1e-12);
      }
      assertTrue(
          Math.abs(covariance.at(0, 1)) > Math.abs(covariance.at(0, 2)),
          "neighbours share more noise than distant trials");
    }
  }
}
