package io.noesis.ingest.study;

/**
 * One presentation of one stimulus to one subject; the response matrix has one row for it.
 *
 * @param subject label without {@code sub-}
 * @param session label without {@code ses-}, empty when the study has none
 * @param run label without {@code run-}
 * @param onsetSeconds when the stimulus came on, from the start of the run's recording; NaN when
 *     unknown (responses made elsewhere)
 * @param durationSeconds how long it stayed; NaN when unknown
 * @param windowStartSeconds start of the stretch of recording that the response was made from; NaN
 *     when unknown, and then no audit can judge whether windows overlap
 * @param windowEndSeconds end of that stretch; NaN when unknown
 * @param stimulus id in the study's {@link StimulusSet}
 * @param category the stimulus's category, empty when the study names none
 * @param repetition 1 for the first time this subject saw this stimulus, then 2, 3, ...
 * @param part the part that the study itself prescribes ({@code train}, {@code test}), else empty
 */
public record Trial(
    String subject,
    String session,
    String run,
    double onsetSeconds,
    double durationSeconds,
    double windowStartSeconds,
    double windowEndSeconds,
    String stimulus,
    String category,
    int repetition,
    String part) {
  /** The recording this trial belongs to: {@code session/run}, unique within a subject. */
  public String recording() {
    return session.isEmpty() ? run : session + "/" + run;
  }
}
