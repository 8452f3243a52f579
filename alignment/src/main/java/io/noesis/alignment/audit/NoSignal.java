package io.noesis.alignment.audit;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.Score;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code NO-SIGNAL}: no headline score leaves the 95 % band of its null on the better side. WARN
 * for one subject, BLOCK when it holds for every subject that was judged. Decoded embeddings that
 * are all the same (the decoder ignores the brain) are named too.
 */
final class NoSignal implements Audit {
  static final String CODE = "NO-SIGNAL";
  private static final double SAME = 1e-6;
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
    List<Score> headline = headline(subject);
    if (headline.isEmpty()) {
      out.add(
          findings.notJudged(
              "no headline score", "Nothing was scored against chance.", "Run the evaluation."));
      return out;
    }
    List<String> above = headline.stream().filter(NoSignal::better).map(NoSignal::words).toList();
    if (above.isEmpty()) {
      out.add(
          findings.warn(
              "0 of " + headline.size() + " headline scores leave their null band",
              "As far as these scores tell, the decoder does no better than chance: "
                  + Findings.some(headline.stream().map(NoSignal::words).toList())
                  + ".",
              REMEDY));
    } else if (out.isEmpty()) {
      out.add(
          findings.pass(
              above.size()
                  + " of "
                  + headline.size()
                  + " headline scores are better than their null band",
              Findings.some(above) + "."));
    }
    return out;
  }

  @Override
  public Optional<Finding> conclude(List<AuditCase> subjects) {
    List<AuditCase> judged = subjects.stream().filter(s -> !headline(s).isEmpty()).toList();
    boolean signal = judged.stream().flatMap(s -> headline(s).stream()).anyMatch(NoSignal::better);
    if (judged.isEmpty() || signal) {
      return Optional.empty();
    }
    return Optional.of(
        new Findings(CODE, "")
            .block(
                "no headline score of any of " + judged.size() + " subjects leaves its null band",
                "The result lies inside what chance gives; nothing that is retrieved or shown from"
                    + " it speaks of the brain.",
                REMEDY));
  }

  private static Optional<Embeddings> decoded(AuditCase subject) {
    return subject.outcome().flatMap(AuditCase.Outcome::decoded);
  }

  /** Retrieval of what was seen from the brain, or its category. */
  private static List<Score> headline(AuditCase subject) {
    return subject.outcome().map(AuditCase.Outcome::scores).orElse(List.of()).stream()
        .filter(
            s ->
                s.metric().startsWith("image_from_brain.")
                    || s.metric().startsWith("category_from_brain.")
                    || s.metric().startsWith("category_left_out")
                    || s.metric().startsWith("category_accuracy")
                    || s.metric().startsWith("category_balanced_accuracy"))
        .toList();
  }

  private static boolean better(Score score) {
    return score.direction() == Score.Direction.HIGHER
        ? score.value() > score.nullHigh()
        : score.value() < score.nullLow();
  }

  private static String words(Score score) {
    return String.format(
        java.util.Locale.ROOT,
        "%s %.3g (null %.3g to %.3g)",
        score.metric(),
        score.value(),
        score.nullLow(),
        score.nullHigh());
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
