package io.noesis.alignment.score;

import io.noesis.run.Check;
import io.noesis.run.Seed;

/**
 * How intervals and nulls are drawn.
 *
 * @param permutations random pairings of the null; the smallest p is {@code 1/(permutations + 1)}
 * @param bootstraps resamples of the units with replacement
 * @param exchange between which units the truth is exchanged
 * @param seed where the draws come from; draw b has its own child, so threads change nothing
 */
public record Resampling(int permutations, int bootstraps, Exchange exchange, Seed seed) {
  /** Checks the counts. */
  public Resampling {
    Check.argument(
        permutations > 0, "permutations of a null must be at least 1, found %d", permutations);
    Check.argument(
        bootstraps > 0, "resamples of a bootstrap must be at least 1, found %d", bootstraps);
  }

  /**
   * 1000 permutations among all units and 2000 bootstrap resamples.
   *
   * @param seed where the draws come from
   * @return the usual settings
   */
  public static Resampling standard(Seed seed) {
    return new Resampling(1000, 2000, Exchange.ANY_UNIT, seed);
  }

  /** The same with another exchange. */
  public Resampling with(Exchange other) {
    return new Resampling(permutations, bootstraps, other, seed);
  }
}
