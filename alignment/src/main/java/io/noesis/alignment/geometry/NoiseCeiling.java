package io.noesis.alignment.geometry;

import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * How well the true geometry could do, given how much subjects differ (Nili et al. 2014,
 * doi:10.1371/journal.pcbi.1003553). Lower: each subject against the mean of the others. Upper:
 * each subject against the mean of all, itself included.
 *
 * @param lower mean over subjects
 * @param upper mean over subjects
 * @param subjects how many
 */
public record NoiseCeiling(double lower, double upper, int subjects) {
  /** What is averaged over subjects. */
  public enum Pooling {
    /** The distances as they are. */
    DISTANCES,
    /**
     * Their ranks: subjects count the same whatever the scale of their distances, and the upper end
     * is the highest that any geometry can reach under Spearman's rho.
     */
    RANKS
  }

  /**
   * The ceiling of a group.
   *
   * @param subjects at least two, same conditions in the same order
   * @param comparison how geometries are compared
   * @param pooling what is averaged
   * @return lower and upper end
   */
  public static NoiseCeiling of(List<Rdm> subjects, RdmComparison comparison, Pooling pooling) {
    Check.argument(
        subjects.size() > 1,
        "a noise ceiling needs at least two subjects, found %d",
        subjects.size());
    List<double[]> pooled = new ArrayList<>();
    for (Rdm subject : subjects) {
      RdmComparison.requireSameConditions(subjects.get(0), subject);
      double[] pairs = subject.pairs();
      pooled.add(pooling == Pooling.RANKS ? Vectors.averageRanks(pairs) : pairs);
    }
    double[] sum = new double[pooled.get(0).length];
    for (double[] pairs : pooled) {
      add(sum, pairs, 1);
    }
    double[] whole = comparison.prepared(sum);
    double lower = 0;
    double upper = 0;
    for (int s = 0; s < subjects.size(); s++) {
      double[] own = comparison.prepared(subjects.get(s).pairs());
      double[] others = sum.clone();
      add(others, pooled.get(s), -1);
      upper += comparison.ofPrepared(whole, own);
      lower += comparison.ofPrepared(comparison.prepared(others), own);
    }
    return new NoiseCeiling(lower / subjects.size(), upper / subjects.size(), subjects.size());
  }

  private static void add(double[] sum, double[] pairs, int sign) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += sign * pairs[i];
    }
  }
}
