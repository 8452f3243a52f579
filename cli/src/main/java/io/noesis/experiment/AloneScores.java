package io.noesis.experiment;

import io.noesis.alignment.audit.Alone;
import io.noesis.alignment.score.Difference;
import io.noesis.alignment.score.PrimaryMetric;
import io.noesis.alignment.score.Score;
import io.noesis.report.Report.Line;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Scores of test trials that were each decoded alone, where that makes a difference.
 *
 * @param found for the audit
 * @param entries scores, headline variant first; empty where it makes none
 * @param contrasts among the others minus alone
 */
record AloneScores(Alone found, List<Scoring.Entry> entries, List<Scoring.Contrast> contrasts) {
  /** After the name of the encoder, in tables. */
  static final String NAME = ", trials alone";

  /**
   * Scores them.
   *
   * @param run its folder
   * @param decoded what was decoded among the other test trials
   * @param exchanged what is decoded of exchanged responses; empty where it is told nothing
   * @param scoring scores both in the same way
   * @return empty where the run did not compare
   */
  static Optional<AloneScores> of(
      RunFolder run, Decoded decoded, List<Tensor> exchanged, Scoring scoring) {
    return TrialsAlone.read(run, decoded)
        .map(
            found -> {
              List<Scoring.Entry> entries =
                  found
                      .decoded()
                      .map(rows -> scoring.score(rows, exchanged).scores())
                      .orElse(List.of());
              return new AloneScores(
                  new Alone(
                      found.trials(),
                      found.difference(),
                      entries.stream().map(Scoring.Entry::score).toList()),
                  entries,
                  found.decoded().map(rows -> scoring.contrasts(decoded, rows)).orElse(List.of()));
            });
  }

  /** What the data card says of it. */
  Optional<Line> line() {
    return PrimaryMetric.of(found.scores())
        .map(
            alone -> {
              Difference more =
                  contrasts.stream()
                      .map(Scoring.Contrast::difference)
                      .filter(d -> d.metric().equals(alone.metric()))
                      .findFirst()
                      .orElseThrow();
              return new Line("each test trial decoded alone", words(alone, more));
            });
  }

  private static String words(Score alone, Difference more) {
    return String.format(
        Locale.ROOT,
        "%s %.3f (chance %.3f, p %.2g); the scores here are of trials decoded among the others,"
            + " %.3f (difference %.3f [%.3f, %.3f], p %.2g): a new trial has the first",
        MetricNames.label(alone.metric()),
        alone.value(),
        alone.chance(),
        alone.p(),
        alone.value() + more.value(),
        more.value(),
        more.low(),
        more.high(),
        more.p());
  }
}
