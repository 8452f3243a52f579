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
 * @param training whether rows that are tested here also trained what decoded other rows
 */
public record Resampling(
    int permutations, int bootstraps, Exchange exchange, Seed seed, Training training) {
  /** Whether rows that are tested also trained what decoded other rows. */
  public enum Training {
    /** One split, or folds that test nothing that another fold trains on. */
    APART(1),
    /**
     * Cross-validation: what row i contributes to decoding row j comes with what row j contributes
     * to decoding row i. A permutation of the tested truths alone takes the two for independent; at
     * worst they are equal, and then the variance of a mean under the null is twice that of the
     * permutations. The null is widened by that factor, so p and band err on the safe side (the
     * problem: Nadeau and Bengio 2003, doi:10.1023/A:1024068626366).
     */
    EXCHANGED(Math.sqrt(2));

    private final double width;

    Training(double width) {
      this.width = width;
    }

    /** By what the distance of every null value from their mean is multiplied. */
    double width() {
      return width;
    }
  }

  /**
   * As usual with one split.
   *
   * @param permutations random pairings of the null
   * @param bootstraps resamples of the units with replacement
   * @param exchange between which units the truth is exchanged
   * @param seed where the draws come from
   */
  public Resampling(int permutations, int bootstraps, Exchange exchange, Seed seed) {
    this(permutations, bootstraps, exchange, seed, Training.APART);
  }

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
    return new Resampling(permutations, bootstraps, other, seed, training);
  }

  /** The same with other roles of the tested rows. */
  public Resampling with(Training other) {
    return new Resampling(permutations, bootstraps, exchange, seed, other);
  }
}
