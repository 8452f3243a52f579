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
 */
public record FitRecord(
    String transform, String group, List<Integer> fittedOn, List<Integer> appliedTo) {
  /** Copies the rows. */
  public FitRecord {
    fittedOn = List.copyOf(fittedOn);
    appliedTo = List.copyOf(appliedTo);
  }
}
