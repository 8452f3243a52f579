package io.noesis.alignment.audit;

import io.noesis.alignment.score.PrimaryMetric;
import io.noesis.alignment.score.Score;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code TRANSDUCTIVE}: a trial is decoded otherwise alone than among the other test trials, as
 * where decoded embeddings are standardised over the test set. WARN: the score is that of a batch,
 * which a single new trial does not have; both are told.
 */
final class Transductive implements Audit {
  static final String CODE = "TRANSDUCTIVE";

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
    Optional<AuditCase.Outcome> outcome = subject.outcome();
    Optional<Alone> alone = outcome.flatMap(AuditCase.Outcome::alone);
    if (alone.isEmpty()) {
      return List.of(
          findings.notJudged(
              "no trial was decoded alone",
              "The run was trained by a version of Noesis that did not compare.",
              "Train it again."));
    }
    String compared =
        String.format(
            Locale.ROOT,
            "%d test trials decoded alone and among the others differ by up to %.1e of the largest number",
            alone.get().trials(),
            alone.get().difference());
    if (Alone.same(alone.get().difference())) {
      return List.of(findings.pass(compared, "What a trial says does not depend on the others."));
    }
    return List.of(
        findings.warn(
            numbers(PrimaryMetric.of(outcome.get().scores()))
                + " among the test trials, "
                + numbers(PrimaryMetric.of(alone.get().scores()))
                + " each alone: "
                + compared,
            "What a trial is decoded to depends on the other test trials, which a single new trial"
                + " does not have.",
            "Report the score of trials alone beside it, or set encoder.rescale to none."));
  }

  private static String numbers(Optional<Score> primary) {
    return primary
        .map(s -> String.format(Locale.ROOT, "%s %.3g (p %.3g)", s.metric(), s.value(), s.p()))
        .orElse("no primary score");
  }
}
