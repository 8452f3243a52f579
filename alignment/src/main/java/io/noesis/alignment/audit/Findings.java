package io.noesis.alignment.audit;

import io.noesis.alignment.audit.Finding.Verdict;
import java.util.Collection;

/** Makes the findings of one audit on one subject. */
record Findings(String code, String subject) {
  private static final int NAMED = 5;

  Finding pass(String decidedBy, String explanation) {
    return new Finding(code, Verdict.PASS, subject, decidedBy, explanation, "");
  }

  Finding warn(String decidedBy, String explanation, String remedy) {
    return new Finding(code, Verdict.WARN, subject, decidedBy, explanation, remedy);
  }

  Finding block(String decidedBy, String explanation, String remedy) {
    return new Finding(code, Verdict.BLOCK, subject, decidedBy, explanation, remedy);
  }

  Finding notJudged(String decidedBy, String explanation, String remedy) {
    return new Finding(code, Verdict.NOT_JUDGED, subject, decidedBy, explanation, remedy);
  }

  /** The first few of many names: {@code "a, b, c and 4 more"}. */
  static String some(Collection<String> names) {
    String shown = String.join(", ", names.stream().limit(NAMED).toList());
    return names.size() <= NAMED ? shown : shown + " and " + (names.size() - NAMED) + " more";
  }
}
