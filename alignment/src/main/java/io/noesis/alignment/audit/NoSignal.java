package io.noesis.alignment.audit;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.PrimaryMetric;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.score.Statistics;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code NO-SIGNAL}: nothing was decoded. One score per subject decides, the {@link PrimaryMetric}:
 * WARN when it does not leave the 95 % band of its null on the better side. BLOCK when no subject's
 * permutation p is at most 0.05 after Holm's correction over subjects, so that a study without any
 * signal passes at most one time in twenty, however many scores and subjects it has. Decoded
 * embeddings that are all the same (the decoder ignores the brain) are named too.
 */
final class NoSignal implements Audit {
  static final String CODE = "NO-SIGNAL";
  private static final double SAME = 1e-6;

  /** How often a study without signal may pass. */
  private static final double LEVEL = 0.05;

  /** Fewer are refused by a recipe; then the smallest p is 0.01. */
  private static final int FEWEST_PERMUTATIONS = 99;

  private static final String OTHERS =
      "The primary score is declared beforehand; the others do not decide.";
  private static final String NOTHING =
      "The result lies inside what chance gives; nothing that is retrieved or shown from it speaks"
          + " of the brain. "
          + OTHERS;
  private static final String REMEDY =
      "Check trial order, masks and onsets, or report that nothing could be decoded.";

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
    List<Finding> out = new ArrayList<>();
    if (decoded(subject).filter(NoSignal::constant).isPresent()) {
      out.add(
          findings.warn(
              "all "
                  + decoded(subject).map(Embeddings::size).orElse(0)
                  + " decoded embeddings are equal",
              "The decoder returns one embedding whatever the brain does.",
              "Lower the penalty or check that responses vary."));
    }
    Optional<Score> primary = primary(subject);
    if (primary.isEmpty()) {
      out.add(
          findings.notJudged(
              "no primary score",
              "None of " + String.join(", ", PrimaryMetric.names()) + " was scored against chance.",
              "Run the evaluation."));
    } else if (!primary.get().aboveChance(LEVEL)) {
      out.add(
          findings.warn(
              words(primary.get()),
              "The primary score of this subject does not leave its null band on the better side:"
                  + " the decoder does no better than chance. "
                  + OTHERS,
              REMEDY));
    } else if (out.isEmpty()) {
      out.add(
          findings.pass(
              words(primary.get()),
              "The primary score of this subject is better than its null band. " + OTHERS));
    }
    return out;
  }

  @Override
  public Optional<Finding> conclude(List<AuditCase> subjects) {
    List<AuditCase> judged = subjects.stream().filter(s -> primary(s).isPresent()).toList();
    if (judged.isEmpty()) {
      return Optional.empty();
    }
    double[] p = judged.stream().mapToDouble(s -> p(primary(s).orElseThrow())).toArray();
    double[] corrected = Statistics.holm(p);
    List<String> surviving = new ArrayList<>();
    for (int i = 0; i < corrected.length; i++) {
      if (corrected[i] <= LEVEL) {
        surviving.add(judged.get(i).subject());
      }
    }
    Findings findings = new Findings(CODE, "");
    double best = Arrays.stream(corrected).min().orElseThrow();
    String decidedBy =
        String.format(
            Locale.ROOT,
            "the primary score of %d of %d subjects is better than chance: smallest p %.3g, %.3g"
                + " after Holm's correction over %s",
            surviving.size(),
            judged.size(),
            Arrays.stream(p).min().orElseThrow(),
            best,
            judged.size() == 1 ? "1 subject" : judged.size() + " subjects");
    if (surviving.isEmpty()) {
      return Optional.of(findings.block(decidedBy, NOTHING, REMEDY + resolution(judged.size())));
    }
    return judged.size() == 1
        ? Optional.empty()
        : Optional.of(findings.pass(decidedBy, "Subjects: " + Findings.some(surviving) + "."));
  }

  private static Optional<Embeddings> decoded(AuditCase subject) {
    return subject.outcome().flatMap(AuditCase.Outcome::decoded);
  }

  private static Optional<Score> primary(AuditCase subject) {
    return subject.outcome().flatMap(outcome -> PrimaryMetric.of(outcome.scores()));
  }

  /** The p value of a score; 1 inside the null band, so that the study agrees with its subjects. */
  private static double p(Score score) {
    return score.aboveChance(LEVEL) ? score.p() : 1;
  }

  /**
   * What else to do with so many subjects that the fewest permutations a recipe may ask for fail.
   */
  private static String resolution(int subjects) {
    return subjects / LEVEL < FEWEST_PERMUTATIONS
        ? ""
        : String.format(
            Locale.ROOT,
            " With %d subjects no p can survive unless evaluation.permutations is at least %d.",
            subjects,
            Math.round(subjects / LEVEL));
  }

  private static String words(Score score) {
    return String.format(
        Locale.ROOT,
        "%s %.3g (null %.3g to %.3g), p %.3g",
        score.metric(),
        score.value(),
        score.nullLow(),
        score.nullHigh(),
        score.p());
  }

  /** Whether all rows equal their mean up to rounding. */
  private static boolean constant(Embeddings decoded) {
    Tensor values = decoded.values();
    int width = values.dim(1);
    if (decoded.size() < 2) {
      return false;
    }
    float[] array = values.array();
    double spread = 0;
    double size = 0;
    for (int c = 0; c < width; c++) {
      double mean = 0;
      for (int r = 0; r < decoded.size(); r++) {
        mean += array[r * width + c] / (double) decoded.size();
      }
      for (int r = 0; r < decoded.size(); r++) {
        double difference = array[r * width + c] - mean;
        spread += difference * difference;
        size += (double) array[r * width + c] * array[r * width + c];
      }
    }
    return spread <= SAME * SAME * size;
  }
}
