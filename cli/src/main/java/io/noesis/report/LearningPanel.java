package io.noesis.report;

import java.util.List;

/**
 * How networks learned.
 *
 * @param networks one per network
 * @param newSubjects what was reached with more and more trials of subjects that a trained network
 *     was adapted to
 */
public record LearningPanel(List<TrainingCurve> networks, List<NewSubject> newSubjects) {
  /**
   * The losses of one network.
   *
   * @param network which: {@code subject 01, fold 1}
   * @param epochs in their order
   */
  public record TrainingCurve(String network, List<EpochLine> epochs) {}

  /**
   * One epoch.
   *
   * @param epoch from 1
   * @param loss of training rows, mean over its batches
   * @param validation loss of validation rows; NaN without such rows
   */
  public record EpochLine(int epoch, double loss, double validation) {}

  /**
   * The learning curve of one subject.
   *
   * @param subject label without {@code sub-}
   * @param points by model and number of trials
   */
  public record NewSubject(String subject, List<LearningLine> points) {}

  /**
   * One model after so many trials of the new subject.
   *
   * @param model {@code adapted}, {@code scratch} or {@code ridge}
   * @param trials how many training trials it saw of the subject
   * @param score one of its headline scores
   */
  public record LearningLine(String model, int trials, ScoreLine score) {}
}
