package io.noesis.alignment.audit;

import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.score.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GENERATOR-PRIOR}: what was made speaks of the model and not of the brain. A generator
 * makes fine pictures of anything, so what it made of a stimulus must be nearer to that stimulus
 * than what it made of the responses to others: the shuffled-brain null. One score per subject
 * decides, the one declared beforehand: WARN when it does not leave that null, BLOCK when no
 * subject's p is at most 0.05 after Holm's correction over subjects. WARN too when what was made of
 * the category alone does as well.
 */
final class GeneratorPrior implements Audit {
  static final String CODE = "GENERATOR-PRIOR";
  private static final double LEVEL = 0.05;
  private static final String REMEDY =
      "Report that nothing of the stimuli was reconstructed, or decode better first: see the"
          + " retrieval scores.";

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
    return subject.made().stream()
        .map(made -> inspect(made, new Findings(CODE, subject.subject())))
        .toList();
  }

  private static Finding inspect(Made made, Findings findings) {
    Optional<Score> decoded = made.primary(Condition.DECODED);
    if (decoded.isEmpty()) {
      return findings.notJudged(
          made.what() + ": no primary score",
          made.primary() + " was not scored against the shuffled-brain null.",
          "Make them for at least two test stimuli.");
    }
    String words = made.what() + ": " + words(decoded.get());
    if (!decoded.get().aboveChance(LEVEL)) {
      return findings.warn(
          words,
          "They are no nearer to what was shown than those made of the responses to other stimuli:"
              + " they show what the model likes to make.",
          REMEDY);
    }
    Optional<Score> category = made.primary(Condition.CATEGORY);
    if (category.isPresent() && !better(decoded.get(), category.get())) {
      return findings.warn(
          words + String.format(Locale.ROOT, "; category only %.3g", category.get().value()),
          "What was made of the category alone does as well: nothing beyond the category is shown"
              + " to be decoded.",
          "Say so beside every picture or caption.");
    }
    return findings.pass(
        words, "The score declared beforehand is better than its shuffled-brain null.");
  }

  @Override
  public Optional<Finding> conclude(List<AuditCase> subjects) {
    Set<String> kinds = new LinkedHashSet<>();
    subjects.forEach(s -> s.made().forEach(made -> kinds.add(made.what())));
    List<String> inside = new ArrayList<>();
    List<String> outside = new ArrayList<>();
    int most = 0;
    for (String kind : kinds) {
      double[] p = values(subjects, kind);
      most = Math.max(most, p.length);
      if (p.length > 0) {
        double best = Arrays.stream(Statistics.holm(p)).min().orElseThrow();
        (best <= LEVEL ? outside : inside)
            .add(
                String.format(
                    Locale.ROOT,
                    "%s: smallest p %.3g after Holm's correction over %d",
                    kind,
                    best,
                    p.length));
      }
    }
    Findings findings = new Findings(CODE, "");
    if (!inside.isEmpty()) {
      return Optional.of(
          findings.block(
              String.join("; ", inside),
              "In no subject is what was made nearer to what was shown than what was made of the"
                  + " responses to other stimuli.",
              REMEDY));
    }
    return most < 2
        ? Optional.empty()
        : Optional.of(
            findings.pass(
                String.join("; ", outside), "Better than the shuffled-brain null over subjects."));
  }

  private static double[] values(List<AuditCase> subjects, String kind) {
    return subjects.stream()
        .flatMap(s -> s.made().stream())
        .filter(made -> made.what().equals(kind))
        .flatMap(made -> made.primary(Condition.DECODED).stream())
        .mapToDouble(score -> score.aboveChance(LEVEL) ? score.p() : 1)
        .toArray();
  }

  private static boolean better(Score one, Score other) {
    return one.direction() == Score.Direction.HIGHER
        ? one.value() > other.value()
        : one.value() < other.value();
  }

  private static String words(Score score) {
    return String.format(
        Locale.ROOT,
        "%s %.3g (shuffled brain %.3g to %.3g), p %.3g",
        score.metric(),
        score.value(),
        score.nullLow(),
        score.nullHigh(),
        score.p());
  }
}
