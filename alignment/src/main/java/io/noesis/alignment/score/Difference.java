package io.noesis.alignment.score;

/**
 * How much better or worse one encoder decodes than another, of the same rows.
 *
 * @param metric name with the pool size in it
 * @param value score of the first minus score of the second
 * @param low lower end of the 95 % bootstrap interval over {@code unit}s, both scored on the same
 *     resamples
 * @param high upper end of that interval
 * @param p two-sided, of exchanging which encoder decoded a unit: {@code (1 + #{differences at
 *     least as large}) / (exchanges + 1)}
 * @param n how many units were exchanged
 * @param unit what was exchanged and resampled
 * @param direction which way of the metric is better
 * @param protocol how it was drawn
 */
public record Difference(
    String metric,
    double value,
    double low,
    double high,
    double p,
    int n,
    String unit,
    Score.Direction direction,
    String protocol) {
  /** By how much the first is better: the value, turned round where less is better. */
  public double gain() {
    return direction == Score.Direction.HIGHER ? value : 0 - value;
  }

  /** Whether the first is better and p below {@code level}. */
  public boolean better(double level) {
    return gain() > 0 && p < level;
  }

  /** Whether the first is worse and p below {@code level}. */
  public boolean worse(double level) {
    return gain() < 0 && p < level;
  }
}
