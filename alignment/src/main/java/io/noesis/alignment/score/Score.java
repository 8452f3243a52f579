package io.noesis.alignment.score;

import java.util.OptionalDouble;

/**
 * One number with everything that is needed to judge it.
 *
 * @param metric name with the pool size in it: {@code image_from_brain.top1@100}
 * @param value the number
 * @param low lower end of the 95 % bootstrap interval over {@code unit}s
 * @param high upper end of that interval
 * @param chance the value expected without any signal
 * @param nullLow lower end of the 95 % band of the permutation null
 * @param nullHigh upper end of that band
 * @param p permutation p, {@code (1 + #{null at least as good}) / (permutations + 1)}
 * @param n how many units were resampled
 * @param unit what was resampled: {@code stimulus}, {@code category}, {@code trial}
 * @param direction which way is better
 * @param ceiling the best value that noise allows, where it is known
 * @param protocol repetitions averaged, pool rule, seed: what two labs must share to compare
 */
public record Score(
    String metric,
    double value,
    double low,
    double high,
    double chance,
    double nullLow,
    double nullHigh,
    double p,
    int n,
    String unit,
    Direction direction,
    OptionalDouble ceiling,
    String protocol) {
  /** Which way is better. */
  public enum Direction {
    /** Larger is better. */
    HIGHER,
    /** Smaller is better. */
    LOWER
  }

  /**
   * The same with the best value that noise allows.
   *
   * @param best the ceiling
   * @return a new score
   */
  public Score withCeiling(double best) {
    return new Score(
        metric,
        value,
        low,
        high,
        chance,
        nullLow,
        nullHigh,
        p,
        n,
        unit,
        direction,
        OptionalDouble.of(best),
        protocol);
  }

  /** Whether the value lies inside the 95 % band of its own null. */
  public boolean insideNull() {
    return value >= nullLow && value <= nullHigh;
  }

  /** Whether the value is on the better side of its null and its p is below {@code level}. */
  public boolean aboveChance(double level) {
    boolean better = direction == Direction.HIGHER ? value > nullHigh : value < nullLow;
    return better && p < level;
  }
}
