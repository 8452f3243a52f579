package io.noesis.report;

import io.noesis.report.Report.Line;
import io.noesis.report.Report.Verdict;
import java.util.List;

/**
 * Further targets that were decoded of the same responses, each in a run of its own.
 *
 * @param targets one per target
 */
public record AlsoPanel(List<AlsoTarget> targets) {
  /**
   * One further target.
   *
   * @param name its name in the recipe
   * @param verdict its own result in words
   * @param facts target space, encoder, ...
   * @param scores headline scores of all subjects and of each
   * @param page of its own report, relative to this one; empty where nothing was decoded
   */
  public record AlsoTarget(
      String name, Verdict verdict, List<Line> facts, List<AlsoScore> scores, String page) {}

  /**
   * A score of a further target.
   *
   * @param who subject label, or all subjects
   * @param score the score
   */
  public record AlsoScore(String who, ScoreLine score) {}
}
