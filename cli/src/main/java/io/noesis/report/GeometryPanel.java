package io.noesis.report;

import io.noesis.report.Report.Line;
import java.util.List;

/**
 * Representational similarity of models to measured dissimilarities.
 *
 * @param comparison how two matrices are compared: {@code spearman}
 * @param ceilingLow lower bound of the noise ceiling
 * @param ceilingHigh upper bound of the noise ceiling
 * @param subjects who was measured
 * @param facts conditions, ...
 * @param models one line per model, best first
 */
public record GeometryPanel(
    String comparison,
    double ceilingLow,
    double ceilingHigh,
    List<String> subjects,
    List<Line> facts,
    List<GeometryLine> models) {
  /**
   * One model's similarity to the measured geometry.
   *
   * @param model its name
   * @param score mean over subjects with interval over conditions, chance and null
   * @param perSubject the value of each subject, in the order of the panel's {@code subjects}
   */
  public record GeometryLine(String model, ScoreLine score, List<Double> perSubject) {}
}
