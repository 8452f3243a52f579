package io.noesis.alignment.geometry;

import io.noesis.alignment.score.Resampler;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.score.Statistics;
import io.noesis.alignment.score.Statistics.Interval;
import io.noesis.run.Check;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Two-against-two matching by geometry alone: of two conditions, which is which? For every two
 * conditions i and j their rows of distances to all <em>other</em> conditions are compared; they
 * are matched when {@code r(a_i, b_i) + r(a_j, b_j) > r(a_i, b_j) + r(a_j, b_i)} (the test of
 * Mitchell et al. 2008, doi:10.1126/science.1152876); a tie is a miss. Nothing is decoded: only the
 * two geometries meet.
 */
public final class GeometryMatching {
  private final Rdm brain;
  private final Rdm model;
  private final RdmComparison comparison;

  private GeometryMatching(Rdm brain, Rdm model, RdmComparison comparison) {
    this.brain = brain;
    this.model = model;
    this.comparison = comparison;
  }

  /**
   * The share of pairs of conditions that are matched.
   *
   * @param brain one geometry
   * @param model the other, same conditions in the same order; at least 5
   * @param comparison of two rows of distances
   * @param plan how the interval (over conditions) and the null (the model's conditions shuffled)
   *     are drawn; a permutation costs as much as the score itself
   * @return the score {@code geometry.two_against_two@CONDITIONS}, chance 0.5
   */
  public static Score score(Rdm brain, Rdm model, RdmComparison comparison, Resampling plan) {
    RdmComparison.requireSameConditions(brain, model);
    int n = model.size();
    Check.argument(n >= 5, "matching two against two needs at least 5 conditions, found %d", n);
    GeometryMatching matching = new GeometryMatching(brain, model, comparison);
    int[] identity = new int[n];
    Arrays.setAll(identity, i -> i);
    boolean[][] matched = matching.matched(identity);
    double[] nulls = new double[plan.permutations()];
    double[] replicates = new double[plan.bootstraps()];
    Resampler resampler = new Resampler(plan);
    resampler.permutations(
        new int[n],
        (draw, units, truths) -> nulls[draw] = share(matching.matched(truths), identity));
    resampler.bootstraps(n, (draw, units, truths) -> replicates[draw] = share(matched, units));
    double observed = share(matched, identity);
    Interval interval = Statistics.percentileInterval(replicates, 0.95);
    Interval band = Statistics.percentileInterval(nulls, 0.95);
    return new Score(
        "geometry.two_against_two@" + n,
        observed,
        interval.low(),
        interval.high(),
        0.5,
        band.low(),
        band.high(),
        Statistics.permutationP(nulls, observed, Score.Direction.HIGHER),
        n,
        "condition",
        Score.Direction.HIGHER,
        OptionalDouble.empty(),
        String.format(
            "%s against %s; rows by %s; %s",
            brain.name(), model.name(), comparison.words(), Rsa.drawn(plan)));
  }

  /** Below the diagonal: whether i and j are matched when the model's conditions are reordered. */
  private boolean[][] matched(int[] order) {
    int n = order.length;
    int[] identity = new int[n];
    Arrays.setAll(identity, i -> i);
    boolean[][] out = new boolean[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double[] ai = row(brain, identity, i, i, j);
        double[] aj = row(brain, identity, j, i, j);
        double[] bi = row(model, order, i, i, j);
        double[] bj = row(model, order, j, i, j);
        out[i][j] =
            comparison.ofPrepared(ai, bi) + comparison.ofPrepared(aj, bj)
                > comparison.ofPrepared(ai, bj) + comparison.ofPrepared(aj, bi);
      }
    }
    return out;
  }

  /** Distances of one condition to all but i and j, prepared for comparison. */
  private double[] row(Rdm rdm, int[] order, int which, int i, int j) {
    double[] out = new double[order.length - 2];
    int at = 0;
    for (int k = 0; k < order.length; k++) {
      if (k != i && k != j) {
        out[at++] = rdm.at(order[which], order[k]);
      }
    }
    return comparison.prepared(out);
  }

  /** The share of matched pairs among the drawn conditions; a condition with itself is no pair. */
  private static double share(boolean[][] matched, int[] drawn) {
    long right = 0;
    long pairs = 0;
    for (int i = 0; i < drawn.length; i++) {
      for (int j = 0; j < i; j++) {
        if (drawn[i] != drawn[j]) {
          int larger = Math.max(drawn[i], drawn[j]);
          right += matched[larger][Math.min(drawn[i], drawn[j])] ? 1 : 0;
          pairs++;
        }
      }
    }
    return (double) right / pairs;
  }
}
