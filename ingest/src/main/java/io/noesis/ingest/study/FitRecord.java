package io.noesis.ingest.study;

import java.util.List;

/**
 * What a fitted transform saw and what it was applied to, so that an audit can tell whether a test
 * trial had a part in it.
 *
 * @param transform for example {@code z-score per run}
 * @param group the group it was fitted for, for example {@code run 3}; {@code all} when there is
 *     one
 * @param fittedOn rows of the trial table it was fitted on
 * @param appliedTo rows of the trial table it was applied to
 * @param fold name of the split it serves; empty when every fold uses it
 */
public record FitRecord(
    String transform, String group, List<Integer> fittedOn, List<Integer> appliedTo, String fold) {
  /** Copies the rows. */
  public FitRecord {
    fittedOn = List.copyOf(fittedOn);
    appliedTo = List.copyOf(appliedTo);
  }

  /**
   * A transform that every fold uses, such as one fitted while a recording was read.
   *
   * @param transform for example {@code z-score per run}
   * @param group the group it was fitted for
   * @param fittedOn rows it was fitted on
   * @param appliedTo rows it was applied to
   */
  public FitRecord(
      String transform, String group, List<Integer> fittedOn, List<Integer> appliedTo) {
    this(transform, group, fittedOn, appliedTo, "");
  }

  /**
   * Whether a fold uses it.
   *
   * @param split the fold
   * @return true when it was fitted for that fold or for all
   */
  public boolean serves(Split split) {
    return fold.isEmpty() || fold.equals(split.name());
  }
}
