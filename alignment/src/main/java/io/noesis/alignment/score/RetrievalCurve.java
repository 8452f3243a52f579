package io.noesis.alignment.score;

import io.noesis.alignment.retrieve.RankTable;
import io.noesis.alignment.score.Statistics.Interval;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * How often the truth is among the best k of a pool of m, for every m up to the whole pool: the
 * exact expectation over all random subsets that hold the truth. With w worse and h other
 * candidates it is {@code sum_{b<k} C(h,b) C(w,m-1-b) / C(w+h,m-1)}, for k = 1 {@code C(w,m-1) /
 * C(N-1,m-1)}; nothing is sampled.
 *
 * @param k how many best ones count
 * @param pool the whole pool
 * @param points from the smallest pool size to the whole
 */
public record RetrievalCurve(int k, int pool, List<Point> points) {
  private static final int MOST_POINTS = 24;

  /** Copies the points. */
  public RetrievalCurve {
    points = List.copyOf(points);
  }

  /**
   * One pool size.
   *
   * @param pool m, the truth included
   * @param expected the expected share of rows with the truth among the best k
   * @param low lower end of its 95 % bootstrap interval over units
   * @param high upper end
   * @param chance {@code k / m}
   * @param nullLow lower end of the 95 % band of the permutation null
   * @param nullHigh upper end
   */
  public record Point(
      int pool,
      double expected,
      double low,
      double high,
      double chance,
      double nullLow,
      double nullHigh) {}

  /**
   * The curve of finding the truth from the brain.
   *
   * @param decoding what was decoded; its pool is the largest
   * @param k how many best ones count, smaller than the pool
   * @param plan how intervals and nulls are drawn
   * @return the curve, pool sizes from {@code k + 1} in equal steps of the logarithm
   */
  public static RetrievalCurve of(Decoding decoding, int k, Resampling plan) {
    return of(decoding, k, sizes(k + 1, decoding.pool().size()), plan);
  }

  /**
   * The same at given pool sizes, for curves of several k to share them.
   *
   * @param decoding what was decoded; its pool is the largest
   * @param k how many best ones count, smaller than the pool
   * @param sizes ascending, each larger than {@code k} and at most the whole pool
   * @param plan how intervals and nulls are drawn
   * @return the curve
   */
  public static RetrievalCurve of(Decoding decoding, int k, List<Integer> sizes, Resampling plan) {
    int pool = decoding.pool().size();
    Check.argument(
        k > 0 && k < pool, "a top-%d curve needs a pool larger than k, found %d", k, pool);
    DecodingTables tables = DecodingTables.of(decoding, plan.exchange());
    Hypergeometric hypergeometric = new Hypergeometric(pool);
    List<Point> points = new ArrayList<>();
    for (int m : sizes) {
      Check.argument(
          m > k && m <= pool, "a top-%d curve of a pool of %d has no point at %d", k, pool, m);
      double[] byRank = new double[pool];
      for (int rank = 0; rank < pool; rank++) {
        byRank[rank] = hypergeometric.truthInTop(k, m - 1, rank, pool - 1 - rank);
      }
      points.add(point(tables, byRank, (double) k / m, m, plan));
    }
    return new RetrievalCurve(k, pool, points);
  }

  private static Point point(
      DecodingTables tables, double[] byRank, double chance, int m, Resampling plan) {
    RankTable ranks = tables.ranks();
    Units units = tables.units();
    Pairings pairings =
        new Pairings(
            tables.rows(), (row, unit) -> byRank[ranks.at(row, units.truth(unit))], Statistic.MEAN);
    Resampler resampler = new Resampler(plan);
    Interval interval = Statistics.percentileInterval(resampler.replicates(pairings), 0.95);
    Interval band = Statistics.percentileInterval(resampler.nulls(pairings), 0.95);
    return new Point(
        m, pairings.observed(), interval.low(), interval.high(), chance, band.low(), band.high());
  }

  /**
   * Whole numbers from first to last, about equally far apart in the logarithm, all different.
   *
   * @param first the smallest
   * @param last the largest
   * @return ascending
   */
  public static List<Integer> sizes(int first, int last) {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < MOST_POINTS; i++) {
      double share = (double) i / (MOST_POINTS - 1);
      int size = (int) Math.round(first * Math.pow((double) last / first, share));
      if (sizes.isEmpty() || size > sizes.get(sizes.size() - 1)) {
        sizes.add(size);
      }
    }
    return sizes;
  }
}
