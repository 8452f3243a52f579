package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import java.util.List;

/**
 * The settings of a {@link GaussianInversion}.
 *
 * @param independence how much of the voxels' noise is taken as independent between voxels, above 0
 *     and at most 1, the rest being as correlated as it was found to be: the shares to choose from,
 *     sorted ascending; 1 takes all voxels as independent given the stimulus; with a single one
 *     nothing is chosen and no folds are needed
 * @param folds into how many parts the training rows are split to choose; when the caller gives
 *     fewer groups than that, each group is a part
 */
public record InversionSpec(List<Double> independence, int folds) {
  /** Checks and sorts. */
  public InversionSpec {
    Check.argument(!independence.isEmpty(), "independence: expected at least one, found none");
    for (double share : independence) {
      Check.argument(
          share > 0 && share <= 1,
          "independence: expected numbers above 0 and at most 1, found %s",
          share);
    }
    Check.argument(folds >= 2, "folds: expected at least 2, found %d", folds);
    independence = independence.stream().distinct().sorted().toList();
  }

  /** Seven shares from 0.02 to 1, compared on five folds. */
  public static InversionSpec defaults() {
    return new InversionSpec(List.of(0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0), 5);
  }
}
