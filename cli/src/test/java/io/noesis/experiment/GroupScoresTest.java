package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.score.Metrics;
import io.noesis.reconstruction.score.CaptionMetrics;
import io.noesis.reconstruction.score.PictureMetrics;
import io.noesis.report.ScoreLine;
import io.noesis.report.ScoreLine.Standing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Means over subjects. Numbers to compare with are scipy's: stats.t.ppf, stats.ttest_1samp. */
class GroupScoresTest {
  private static ScoreLine line(String metric, String direction, double value, double chance) {
    return new ScoreLine(
        metric, "m", true, value, 0, 1, chance, 0, 1, 0.01, 20, "stimulus", direction, null, "");
  }

  private static ScoreLine group(
      String metric, String direction, double[] values, double[] chances) {
    List<List<ScoreLine>> subjects = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      subjects.add(List.of(line(metric, direction, values[i], chances[i])));
    }
    List<ScoreLine> lines = GroupScores.of(subjects);
    assertEquals(1, lines.size());
    return lines.get(0);
  }

  private static ScoreLine group(String metric, String direction, double... values) {
    double[] chances = new double[values.length];
    java.util.Arrays.fill(chances, 0.25);
    return group(metric, direction, values, chances);
  }

  @Test
  void intervalAndTestAreStudents() {
    ScoreLine mean = group("category_accuracy@4", "HIGHER", 0.5, 0.4, 0.6, 0.35);
    assertEquals(0.4625, mean.value(), 1e-12);
    assertEquals(0.2860846071, mean.low(), 1e-9);
    assertEquals(0.6389153929, mean.high(), 1e-9);
    assertEquals(0.0156443182, mean.p(), 1e-9);
    assertEquals(4, mean.n());
    assertEquals(Standing.BETTER, mean.standing());
    assertEquals(List.of(), GroupScores.of(List.of(List.of(mean), List.of(mean))), "two");
  }

  /** 0.9, 1, 1: Student's interval ends at 1.11, where there is no accuracy. */
  @Test
  void anIntervalEndsWhereTheScoreEnds() {
    ScoreLine accuracy = group("category_accuracy@4", "HIGHER", 0.9, 1, 1);
    assertEquals(1, accuracy.high());
    assertEquals(0.8232449089, accuracy.low(), 1e-9, "the other end is Student's");
    assertEquals(1, group("image_from_brain.median_rank@12", "LOWER", 1, 1, 2).low());
    assertEquals(
        12, group("image_from_brain.median_rank@12 (single trials)", "LOWER", 1, 12, 12).high());
    assertEquals(0, group("triple.recall1@480", "HIGHER", 0, 0, 0.1).low());
    assertTrue(group("embedding_cosine", "HIGHER", 0, 0, 0.1).low() < 0, "cosines go to -1");
    ScoreLine error = group("end_point_error", "LOWER", 0.1, 0.1, 2);
    assertEquals(0, error.low());
    assertTrue(error.high() > 2);
  }

  /** All decode 0.05 above their own chance, give or take 0.01; chance itself lies far apart. */
  @Test
  void eachSubjectIsHeldAgainstTheChanceOfItsOwn() {
    double[] chances = {0.1, 0.5, 0.8};
    ScoreLine mean =
        group("category_accuracy@4", "HIGHER", new double[] {0.14, 0.55, 0.86}, chances);
    assertEquals(0.0065362288, mean.p(), 1e-9);
    assertEquals(Standing.BETTER, mean.standing());
    assertTrue(mean.low() < 0.1 && mean.high() == 1, "of the mean itself little is known");
    ScoreLine lower = group("end_point_error", "LOWER", new double[] {0.06, 0.45, 0.74}, chances);
    assertEquals(Standing.BETTER, lower.standing());
    ScoreLine worse =
        group("category_accuracy@4", "HIGHER", new double[] {0.06, 0.45, 0.74}, chances);
    assertEquals(Standing.WORSE, worse.standing());
  }

  /** 0.1 + 0.2 - 0.2 is not 0.1: what rounding leaves is no spread. */
  @Test
  void withoutSpreadNothingIsTested() {
    ScoreLine same =
        group(
            "category_accuracy@4",
            "HIGHER",
            new double[] {0.3, 0.1 + 0.2, 0.7},
            new double[] {0.1, 0.1, 0.5});
    assertTrue(Double.isNaN(same.p()), "p " + same.p());
    assertEquals(Standing.NOT_JUDGED, same.standing());
  }

  @Test
  void everyMetricHasARange() {
    List<String> names = new ArrayList<>(Metrics.registry().names());
    names.addAll(PictureMetrics.registry().names());
    names.addAll(CaptionMetrics.registry().names());
    names.addAll(List.of("category_left_out@2", "triple.recall10@480", "triple.median_rank@480"));
    for (String name : names) {
      MetricRange range = MetricRange.of(name);
      assertTrue(range.low() > Double.NEGATIVE_INFINITY && range.low() < range.high(), name);
    }
    assertEquals(new MetricRange(1, 480), MetricRange.of("triple.median_rank@480 (new triples)"));
    assertEquals(new MetricRange(-1, 1), MetricRange.of("picture_pixels.ssim"));
    assertEquals(new MetricRange(0, 10), MetricRange.of("caption.cider"));
    assertEquals(new MetricRange(0, 1), MetricRange.of("picture_attribute.colour"));
  }
}
