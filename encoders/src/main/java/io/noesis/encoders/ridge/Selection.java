package io.noesis.encoders.ridge;

import java.util.Arrays;

/** What was chosen for each target out of the penalties or fractions that were compared. */
final class Selection {
  private final RidgeSpec spec;
  private final Scores scores;
  private final double[] chosen;

  private Selection(RidgeSpec spec, Scores scores, double[] chosen) {
    this.spec = spec;
    this.scores = scores;
    this.chosen = chosen;
  }

  /**
   * The best of all targets or of each; equal scores go to the simpler one, the last of the grid.
   *
   * @param scores of each target when each has its own choice
   */
  static Selection of(Scores scores, RidgeSpec spec, int targets) {
    double[] chosen = new double[targets];
    int count = spec.grid().size();
    if (count == 1) {
      Arrays.fill(chosen, spec.grid().get(0));
    } else if (spec.choice() == PenaltyChoice.SHARED) {
      Arrays.fill(chosen, spec.grid().get(best(scores.means())));
    } else {
      double[] own = new double[count];
      for (int t = 0; t < targets; t++) {
        int target = t;
        Arrays.setAll(own, i -> scores.each().at(i, target));
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

  RidgeSpec spec() {
    return spec;
  }

  Scores scores() {
    return scores;
  }

  /** The penalty or fraction of each target; the live array. */
  double[] chosen() {
    return chosen;
  }
}
