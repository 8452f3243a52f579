package io.noesis.report;

import io.noesis.run.Check;
import java.util.List;

/**
 * One finding.
 *
 * @param code stable code
 * @param verdict {@code PASS}, {@code WARN}, {@code BLOCK} or {@code NOT_JUDGED}
 * @param subject the subject, empty for the whole study
 * @param decidedBy the number that decided
 * @param explanation what it means
 * @param remedy what to do
 * @param allowed whether a BLOCK was let through by {@code --allow}
 */
public record AuditLine(
    String code,
    String verdict,
    String subject,
    String decidedBy,
    String explanation,
    String remedy,
    boolean allowed) {
  /** The verdicts in the order in which the page shows them. */
  static final List<String> VERDICTS = List.of("BLOCK", "WARN", "NOT_JUDGED", "PASS");

  /** Refuses an unknown verdict. */
  public AuditLine {
    Check.argument(
        VERDICTS.contains(verdict),
        "the verdict of audit %s is one of %s, not '%s'",
        code,
        VERDICTS,
        verdict);
  }
}
