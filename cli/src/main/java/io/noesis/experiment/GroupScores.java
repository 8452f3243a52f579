package io.noesis.experiment;

import io.noesis.report.ScoreLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Scores over subjects: the mean, with Student's interval over subjects. What is tested, one-sided
 * by Student's t, is each subject's distance from its own chance, since chance differs between
 * subjects that saw or decoded different things.
 */
final class GroupScores {
  /** Fewer subjects have no interval that says anything. */
  private static final int LEAST = 3;

  /** Distances that differ by less are the same one, rounded. */
  private static final double ROUNDING = 1e-12;

  private static final double UPPER = 0.975;

  private GroupScores() {}

  /**
   * Means over three subjects and more, of each score that so many have.
   *
   * @param subjects scores of each
   * @return one line for each score, in the order in which they appear
   */
  static List<ScoreLine> of(List<List<ScoreLine>> subjects) {
    Map<String, List<ScoreLine>> byMetric = new LinkedHashMap<>();
    subjects.forEach(
        scores ->
            scores.forEach(
                s -> byMetric.computeIfAbsent(s.metric(), m -> new ArrayList<>()).add(s)));
    return byMetric.values().stream()
        .filter(lines -> lines.size() >= LEAST)
        .map(GroupScores::mean)
        .toList();
  }

  private static ScoreLine mean(List<ScoreLine> of) {
    ScoreLine first = of.get(0);
    double[] values = of.stream().mapToDouble(ScoreLine::value).toArray();
    double mean = StatUtils.mean(values);
    double half =
        new TDistribution(null, values.length - 1.0).inverseCumulativeProbability(UPPER)
            * standardError(values);
    MetricRange range = MetricRange.of(first.metric());
    double sign = first.direction().equals("HIGHER") ? 1 : -1;
    return new ScoreLine(
        first.metric(),
        first.label(),
        first.headline(),
        mean,
        range.within(mean - half),
        range.within(mean + half),
        of.stream().mapToDouble(ScoreLine::chance).average().orElseThrow(),
        Double.NaN,
        Double.NaN,
        p(of.stream().mapToDouble(s -> sign * (s.value() - s.chance())).toArray()),
        values.length,
        "subject",
        first.direction(),
        null,
        "mean over subjects; Student's interval over subjects, as far as the score goes; one-sided"
            + " t-test of each one's distance from its own chance");
  }

  /**
   * One-sided, of distances from chance on the better side. NaN where all are the same: Student's t
   * has no spread to go by.
   */
  private static double p(double[] distances) {
    double mean = StatUtils.mean(distances);
    double spread = StatUtils.max(distances) - StatUtils.min(distances);
    return spread > ROUNDING * Math.max(1, Math.abs(mean))
        ? new TDistribution(null, distances.length - 1.0)
            .cumulativeProbability(-mean / standardError(distances))
        : Double.NaN;
  }

  private static double standardError(double[] values) {
    return Math.sqrt(StatUtils.variance(values) / values.length);
  }
}
