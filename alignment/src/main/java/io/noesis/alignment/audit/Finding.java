package io.noesis.alignment.audit;

/**
 * What one audit says.
 *
 * @param code stable code, for example {@code LEAK-STIMULUS}
 * @param verdict how bad it is
 * @param subject the subject it speaks of; empty when it speaks of the whole study
 * @param decidedBy the number that decided, in words: {@code "12 of 60 test stimuli are in
 *     training"}
 * @param explanation one or two sentences: what this means for the result
 * @param remedy what to do about it; empty for PASS
 */
public record Finding(
    String code,
    Verdict verdict,
    String subject,
    String decidedBy,
    String explanation,
    String remedy) {
  /** How bad it is. */
  public enum Verdict {
    /** Looked and found nothing. */
    PASS,
    /** Readers must be told. */
    WARN,
    /** The result cannot be trusted. */
    BLOCK,
    /** Cannot be judged here; the explanation says why. */
    NOT_JUDGED
  }
}
