package io.noesis.alignment.audit;

import java.util.List;

/**
 * {@code TEST-SELECTED}: of several pictures or captions drawn for a stimulus, the one nearest to
 * the truth was taken. Best of n by the truth rises with n whatever the brain says.
 */
final class TestSelected implements Audit {
  static final String CODE = "TEST-SELECTED";

  @Override
  public String code() {
    return CODE;
  }

  @Override
  public Phase phase() {
    return Phase.RESULT;
  }

  @Override
  public List<Finding> inspect(AuditCase subject) {
    Findings findings = new Findings(CODE, subject.subject());
    return subject.made().stream().map(made -> inspect(made, findings)).toList();
  }

  private static Finding inspect(Made made, Findings findings) {
    String drawn = made.what() + ": " + made.drawn() + " drawn per stimulus";
    return switch (made.choice()) {
      case FIRST -> findings.pass(drawn + ", the first taken", "Nothing was chosen.");
      case NEAREST_TO_DECODED ->
          findings.pass(
              drawn + ", the one nearest to the decoded embedding taken",
              "The choice did not look at what was shown.");
      case NEAREST_TO_TRUTH ->
          findings.block(
              drawn + ", the one nearest to what was shown taken",
              "Choosing by the truth is itself decoding with the answer at hand; the score grows"
                  + " with the number drawn.",
              "Take the first, or choose by the decoded embedding alone.");
    };
  }
}
