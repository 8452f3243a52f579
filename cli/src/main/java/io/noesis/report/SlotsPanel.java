package io.noesis.report;

import io.noesis.report.Report.Line;
import io.noesis.report.RidgePanel.ContrastLine;
import java.util.List;

/**
 * What slots say of stimuli, one by one and all together, and the triples that they make, with
 * ridge of the same targets beside.
 *
 * @param group scores over all subjects; empty for fewer than three
 * @param subjects one per subject with a result
 */
public record SlotsPanel(List<SlotScore> group, List<SlotSubject> subjects) {
  /**
   * One subject.
   *
   * @param subject label without {@code sub-}
   * @param scores slot after slot, of each the decoder's before ridge's
   * @param contrasts differences of those
   * @param notes what is not scored, and what priors are
   */
  public record SlotSubject(
      String subject, List<SlotScore> scores, List<SlotContrast> contrasts, List<Line> notes) {}

  /**
   * A score of what a slot says.
   *
   * @param slot its name, {@code all slots}, or which triples
   * @param who the decoder, the same with a prior of triples, or ridge
   * @param score of single trials or of repetitions averaged, as is the headline
   */
  public record SlotScore(String slot, String who, ScoreLine score) {}

  /**
   * One of those who say a slot against another.
   *
   * @param slot its name, {@code all slots}, or which triples
   * @param first who
   * @param second against whom
   * @param contrast the first minus the second; its p is corrected for the number of lines of this
   *     subject that hold the same two against each other in slots, or in triples (Holm)
   */
  public record SlotContrast(String slot, String first, String second, ContrastLine contrast) {}
}
