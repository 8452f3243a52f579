package io.noesis.alignment.audit;

import io.noesis.alignment.embedding.Embeddings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code TARGET-FED}: the model was told what it should find out. BLOCK when it was given the true
 * caption (teacher forcing at test time) or the true picture, or when a decoded embedding is the
 * target embedding of a test stimulus itself, which no decoder hits to the last digit.
 */
final class TargetFed implements Audit {
  static final String CODE = "TARGET-FED";
  private static final float SAME = 1e-6f;

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
    if (subject.made().isEmpty()) {
      return List.of();
    }
    Findings findings = new Findings(CODE, subject.subject());
    int equal = copies(subject);
    List<Finding> out = new ArrayList<>();
    for (Made made : subject.made()) {
      List<String> told =
          made.inputs().stream().filter(Made.Input::isTruth).map(Made.Input::words).toList();
      if (!told.isEmpty()) {
        out.add(
            findings.block(
                made.what() + " were made with " + String.join(" and ", told),
                "What the model says of the stimulus is what it was told of it.",
                "Give it nothing but what was decoded."));
      } else if (equal > 0) {
        out.add(
            findings.block(
                equal + " decoded embeddings are target embeddings of test stimuli",
                "No decoder hits a target to the last digit: targets were put in the place of what"
                    + " was decoded, and "
                    + made.what()
                    + " are made of the truth.",
                "Check where the decoded embeddings come from."));
      } else {
        out.add(
            findings.pass(
                made.what()
                    + " were made with "
                    + String.join(" and ", made.inputs().stream().map(Made.Input::words).toList()),
                "Nothing of the truth reached the model."));
      }
    }
    return out;
  }

  private static int copies(AuditCase subject) {
    if (subject.targets().isEmpty()
        || subject.outcome().flatMap(AuditCase.Outcome::decoded).isEmpty()) {
      return 0;
    }
    Embeddings decoded = subject.outcome().flatMap(AuditCase.Outcome::decoded).get();
    Set<String> known = Set.copyOf(subject.targets().get().ids());
    Embeddings truths =
        subject
            .targets()
            .get()
            .select(
                subject.trials().trials().stream()
                    .map(subject.unit()::key)
                    .distinct()
                    .filter(known::contains)
                    .toList());
    if (decoded.space().dim() != truths.space().dim()) {
      return 0;
    }
    int copies = 0;
    for (int row = 0; row < decoded.size(); row++) {
      copies += isOneOf(decoded.values().row(row), truths) ? 1 : 0;
    }
    return copies;
  }

  private static boolean isOneOf(float[] vector, Embeddings truths) {
    float[] all = truths.values().array();
    for (int t = 0; t < truths.size(); t++) {
      int k = 0;
      while (k < vector.length
          && Math.abs(vector[k] - all[t * vector.length + k])
              <= SAME * Math.max(1e-3f, Math.abs(vector[k]))) {
        k++;
      }
      if (k == vector.length) {
        return true;
      }
    }
    return false;
  }
}
