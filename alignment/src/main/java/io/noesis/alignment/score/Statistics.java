package io.noesis.alignment.score;

import io.noesis.run.Check;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Intervals and p values: functions over numbers, without any randomness of their own. Every level
 * is a coverage such as 0.95.
 */
public final class Statistics {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  private Statistics() {}

  /**
   * Two ends.
   *
   * @param low lower end
   * @param high upper end
   */
  public record Interval(double low, double high) {}

  /**
   * The p-quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan
   * 1996, doi:10.1080/00031305.1996.10473566; NumPy's default).
   *
   * @param sorted ascending, at least one
   * @param p in [0, 1]
   * @return the quantile
   */
  public static double quantile(double[] sorted, double p) {
    Check.argument(sorted.length > 0, "a quantile needs at least one number");
    double at = p * (sorted.length - 1);
    int below = (int) Math.min(sorted.length - 1, Math.floor(at));
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /**
   * The percentile bootstrap interval: the middle {@code level} of the replicates.
   *
   * @param replicates the statistic of each resample; not changed
   * @param level coverage
   * @return the interval
   */
  public static Interval percentileInterval(double[] replicates, double level) {
    double[] sorted = replicates.clone();
    Arrays.sort(sorted);
    return new Interval(quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2));
  }

  /**
   * The bias-corrected and accelerated bootstrap interval (Efron 1987,
   * doi:10.1080/01621459.1987.10478410).
   *
   * @param replicates the statistic of each resample; not changed
   * @param observed the statistic of the sample
   * @param jackknife the statistic with each unit left out once
   * @param level coverage
   * @return the interval; the observed value twice when the replicates do not vary
   */
  public static Interval bcaInterval(
      double[] replicates, double observed, double[] jackknife, double level) {
    double[] sorted = replicates.clone();
    Arrays.sort(sorted);
    if (sorted[0] == sorted[sorted.length - 1]) {
      return new Interval(sorted[0], sorted[0]);
    }
    double below = 0;
    for (double r : sorted) {
      below += r < observed ? 1 : r == observed ? 0.5 : 0;
    }
    double bias = NORMAL.inverseCumulativeProbability(below / sorted.length);
    double acceleration = acceleration(jackknife);
    double tail = NORMAL.inverseCumulativeProbability((1 - level) / 2);
    return new Interval(
        quantile(sorted, shifted(bias, acceleration, tail)),
        quantile(sorted, shifted(bias, acceleration, -tail)));
  }

  /**
   * The permutation p value with the observed pairing counted as one of the null (Phipson and Smyth
   * 2010, doi:10.2202/1544-6115.1585): {@code (1 + #{null at least as good}) / (B + 1)}. Values
   * that differ by rounding only count as equal.
   *
   * @param nulls the statistic of each random pairing
   * @param observed the statistic of the true pairing
   * @param direction which way is better
   * @return p in (0, 1]
   */
  public static double permutationP(double[] nulls, double observed, Score.Direction direction) {
    double rounding = 1e-12 * Math.max(1, Math.abs(observed));
    long asGood = 0;
    for (double v : nulls) {
      double gain = direction == Score.Direction.HIGHER ? v - observed : observed - v;
      asGood += gain >= -rounding ? 1 : 0;
    }
    return (1.0 + asGood) / (nulls.length + 1.0);
  }

  /**
   * P values corrected for their number so that any false one among those below a level is as rare
   * as that level, whatever their dependence (Holm 1979, https://www.jstor.org/stable/4615733): the
   * i-th smallest of m is multiplied by {@code m - i + 1}, and none is below a smaller one's.
   *
   * @param p values in (0, 1]; not changed
   * @return the corrected values in the same order, at most 1
   */
  public static double[] holm(double[] p) {
    Integer[] ascending = new Integer[p.length];
    Arrays.setAll(ascending, i -> i);
    Arrays.sort(ascending, Comparator.comparingDouble(i -> p[i]));
    double[] corrected = new double[p.length];
    double least = 0;
    for (int i = 0; i < p.length; i++) {
      least = Math.max(least, Math.min(1, (p.length - i) * p[ascending[i]]));
      corrected[ascending[i]] = least;
    }
    return corrected;
  }

  /**
   * The exact binomial interval of Clopper and Pearson (1934, doi:10.1093/biomet/26.4.404).
   *
   * @param successes in 0 .. trials
   * @param trials at least 1, independent
   * @param level coverage
   * @return the interval of the success probability
   */
  public static Interval clopperPearson(int successes, int trials, double level) {
    checkCounts(successes, trials);
    double tail = (1 - level) / 2;
    double low = successes == 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1.0);
    double high =
        successes == trials ? 1 : betaQuantile(1 - tail, successes + 1.0, trials - successes);
    return new Interval(low, high);
  }

  /**
   * The score interval of Wilson (1927, doi:10.1080/01621459.1927.10502953).
   *
   * @param successes in 0 .. trials
   * @param trials at least 1, independent
   * @param level coverage
   * @return the interval of the success probability
   */
  public static Interval wilson(int successes, int trials, double level) {
    checkCounts(successes, trials);
    double z = NORMAL.inverseCumulativeProbability((1 + level) / 2);
    double share = (double) successes / trials;
    double centre = (share + z * z / (2 * trials)) / (1 + z * z / trials);
    double half =
        z
            / (1 + z * z / trials)
            * Math.sqrt(share * (1 - share) / trials + z * z / (4.0 * trials * trials));
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
  }

  /**
   * P(at least {@code successes}) of a binomial: the chance of such a score by guessing alone.
   *
   * @param successes in 0 .. trials
   * @param trials at least 1, independent
   * @param chance success probability of one guess
   * @return the upper tail
   */
  public static double binomialTail(int successes, int trials, double chance) {
    checkCounts(successes, trials);
    return successes == 0
        ? 1
        : new BetaDistribution(null, successes, trials - successes + 1.0)
            .cumulativeProbability(chance);
  }

  /**
   * P values adjusted for the false discovery rate (Benjamini and Hochberg 1995,
   * doi:10.1111/j.2517-6161.1995.tb02031.x): {@code p(k) m / k} with a running minimum from the
   * largest, at most 1.
   *
   * @param p one per test
   * @return adjusted p in the same order
   */
  public static double[] benjaminiHochberg(double[] p) {
    int m = p.length;
    Integer[] order = new Integer[m];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(p[a], p[b]));
    double[] out = new double[m];
    double least = 1;
    for (int k = m; k >= 1; k--) {
      least = Math.min(least, p[order[k - 1]] * m / k);
      out[order[k - 1]] = least;
    }
    return out;
  }

  private static double shifted(double bias, double acceleration, double z) {
    double sum = bias + z;
    return NORMAL.cumulativeProbability(bias + sum / (1 - acceleration * sum));
  }

  private static double acceleration(double[] jackknife) {
    double mean = Arrays.stream(jackknife).average().orElse(0);
    double square = 0;
    double cube = 0;
    for (double v : jackknife) {
      double d = mean - v;
      square += d * d;
      cube += d * d * d;
    }
    return square == 0 ? 0 : cube / (6 * Math.pow(square, 1.5));
  }

  private static double betaQuantile(double p, double a, double b) {
    return new BetaDistribution(null, a, b, 1e-14).inverseCumulativeProbability(p);
  }

  private static void checkCounts(int successes, int trials) {
    Check.argument(
        trials > 0 && successes >= 0 && successes <= trials,
        "a binomial needs 0 <= successes <= trials, found %d of %d",
        successes,
        trials);
  }
}
