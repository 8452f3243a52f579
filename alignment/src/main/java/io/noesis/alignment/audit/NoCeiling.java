package io.noesis.alignment.audit;

import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Score;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code NO-CEILING}: pictures or captions were scored without what the same model makes of the
 * true embeddings, so that nobody can tell the decoder's share of what is wrong from the model's.
 */
final class NoCeiling implements Audit {
  static final String CODE = "NO-CEILING";

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
    if (made.scores().getOrDefault(Condition.CEILING, List.of()).isEmpty()) {
      return findings.block(
          made.what() + " scored without a recovery ceiling",
          "How good they could be with a perfect decoder is not known: a poor picture may be the"
              + " model's fault, and a fine one its habit.",
          "Keep 'ceiling' among the conditions of the recipe.");
    }
    Optional<Score> decoded = made.primary(Condition.DECODED);
    Optional<Score> ceiling = made.primary(Condition.CEILING);
    return findings.pass(
        made.what()
            + (decoded.isPresent() && ceiling.isPresent()
                ? String.format(
                    Locale.ROOT,
                    ": %s %.3g, ceiling %.3g",
                    decoded.get().metric(),
                    decoded.get().value(),
                    ceiling.get().value())
                : ": ceiling made"),
        "What the same model makes of the true embeddings stands beside them.");
  }
}
