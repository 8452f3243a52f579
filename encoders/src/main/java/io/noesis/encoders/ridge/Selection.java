package io.noesis.encoders.ridge;

import io.noesis.tensor.Matrix;
import java.util.Arrays;

/** What was chosen for each target out of the penalties or fractions that were compared. */
final class Selection {
  private final RidgeSpec spec;
  private final Matrix scores;
  private final double[] chosen;

  private Selection(RidgeSpec spec, Matrix scores, double[] chosen) {
    this.spec = spec;
    this.scores = scores;
    this.chosen = chosen;
  }

  /**
   * The best of all targets or of each; equal scores go to the simpler one, the last of the grid.
   *
   * @param scores {@code [grid, targets]}; without rows when there is nothing to choose
   */
  static Selection of(Matrix scores, RidgeSpec spec, int targets) {
    double[] chosen = new double[targets];
    int count = spec.grid().size();
    if (count == 1) {
      Arrays.fill(chosen, spec.grid().get(0));
    } else if (spec.choice() == PenaltyChoice.SHARED) {
      double[] means = new double[count];
      Arrays.setAll(means, i -> mean(scores, i));
      Arrays.fill(chosen, spec.grid().get(best(means)));
    } else {
      double[] own = new double[count];
      for (int t = 0; t < targets; t++) {
        int target = t;
        Arrays.setAll(own, i -> scores.at(i, target));
        chosen[t] = spec.grid().get(best(own));
      }
    }
    return new Selection(spec, scores, chosen);
  }

  private static int best(double[] scores) {
    int best = 0;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] >= bestScore) {
        best = i;
        bestScore = scores[i];
      }
    }
    return best;
  }

  static double mean(Matrix scores, int row) {
    double sum = 0;
    for (int t = 0; t < scores.columns(); t++) {
      sum += scores.at(row, t);
    }
    return sum / scores.columns();
  }

  RidgeSpec spec() {
    return spec;
  }

  Matrix scores() {
    return scores;
  }

  /** The penalty or fraction of each target; the live array. */
  double[] chosen() {
    return chosen;
  }
}
