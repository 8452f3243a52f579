package io.noesis.alignment.audit;

import java.util.List;
import java.util.Optional;

/**
 * One question that decides whether a result can be trusted. Immutable and without memory: what it
 * says depends on the case alone.
 */
public interface Audit {
  /** When it can be asked. */
  enum Phase {
    /** As soon as trials, splits and fits are known: before training. */
    PLAN,
    /** Once there are scores. */
    RESULT
  }

  /** The stable code, for example {@code LEAK-STIMULUS}. */
  String code();

  /** When it can be asked. */
  Phase phase();

  /**
   * Looks at one subject.
   *
   * @param subject the case
   * @return at least one finding, PASS included; none when the subject has nothing of the kind that
   *     it looks at, such as pictures
   */
  List<Finding> inspect(AuditCase subject);

  /**
   * Looks at all subjects together, after each was inspected.
   *
   * @param subjects all cases
   * @return a finding on the study as a whole, if there is more to say
   */
  default Optional<Finding> conclude(List<AuditCase> subjects) {
    return Optional.empty();
  }
}
