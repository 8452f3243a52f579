package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import java.util.List;

/**
 * The settings of a banded ridge fit.
 *
 * @param ridge penalties, choice and folds of every candidate; the form is always dual
 * @param candidates how many weightings of the feature spaces to try, drawn at random
 * @param concentrations of the Dirichlet distribution they are drawn from, used in turn: below 1
 *     most of the weight goes to few spaces, at 1 all weightings are equally likely
 * @param weightings weightings to try before the random ones, each a list of one number per space
 *     above or equal to 0; scaled to sum to 1
 */
public record BandedSpec(
    RidgeSpec ridge, int candidates, List<Double> concentrations, List<List<Double>> weightings) {
  /** Checks and copies. */
  public BandedSpec {
    Check.argument(
        candidates >= 0 && candidates + weightings.size() > 0,
        "banded ridge: expected at least one candidate or weighting, found %d and %d",
        candidates,
        weightings.size());
    Check.argument(
        !concentrations.isEmpty() || candidates == 0,
        "banded ridge: drawing %d candidates needs a concentration",
        candidates);
    for (double concentration : concentrations) {
      Check.argument(
          concentration > 0,
          "banded ridge: concentrations must be above 0, found %s",
          concentration);
    }
    Check.argument(
        ridge.fractions().isEmpty(),
        "banded ridge chooses penalties, not fractions; leave them out");
    Check.argument(
        ridge.form() == RidgeForm.AUTO || ridge.form() == RidgeForm.DUAL,
        "banded ridge is solved in the dual form, found %s",
        ridge.form());
    concentrations = List.copyOf(concentrations);
    weightings = weightings.stream().map(List::copyOf).toList();
  }

  /** 100 candidates at concentrations 0.1 and 1 in turn, each target its own. */
  public static BandedSpec defaults() {
    return new BandedSpec(
        RidgeSpec.defaults().withChoice(PenaltyChoice.PER_TARGET),
        100,
        List.of(0.1, 1.0),
        List.of());
  }
}
