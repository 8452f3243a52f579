package io.noesis.experiment;

import io.noesis.alignment.score.Difference;
import io.noesis.alignment.score.PrimaryMetric;
import io.noesis.alignment.score.Statistics;
import io.noesis.report.Report.Line;
import io.noesis.report.RidgePanel;
import io.noesis.report.RidgePanel.Beside;
import io.noesis.report.RidgePanel.ContrastLine;
import io.noesis.report.RidgePanel.RidgeSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What a report says of a decoder against the ridge that was fitted beside it. */
final class RidgePanels {
  private static final double LEVEL = 0.05;

  private final List<RidgeSubject> subjects = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** The columns of {@link #rows}. */
  static final List<String> COLUMNS =
      List.of(
          "subject",
          "metric",
          "variant",
          "first",
          "second",
          "difference",
          "low",
          "high",
          "p",
          "n",
          "unit",
          "protocol");

  /**
   * One subject.
   *
   * @param decoded by the decoder
   * @param scores of the decoder, headline variant first
   * @param ridge of the same rows
   * @param scoring scores ridge in the same way
   * @param architecture the name of its architecture
   * @return the scores of ridge; none where it is missing
   */
  List<Scoring.Entry> add(
      Decoded decoded,
      List<Scoring.Entry> scores,
      RidgeBeside.Rows ridge,
      Scoring scoring,
      String architecture) {
    if (ridge.missing().isPresent()) {
      subjects.add(
          new RidgeSubject(
              decoded.subject(),
              Beside.MISSING,
              "there is no ridge to hold the decoder against: " + ridge.missing().get() + ".",
              List.of(),
              List.of(),
              List.of()));
      return List.of();
    }
    Decoded other = decoded.with(ridge.values(), decoded.trainingMeans());
    List<Scoring.Entry> own = scoring.score(other).scores();
    List<Scoring.Contrast> contrasts = scoring.contrasts(decoded, other);
    contrasts.forEach(c -> rows.add(row(decoded.subject(), architecture, RidgeBeside.RIDGE, c)));
    List<Difference> headline =
        contrasts.stream()
            .filter(c -> c.variant().equals(contrasts.get(0).variant()))
            .map(Scoring.Contrast::difference)
            .filter(d -> MetricNames.headline(d.metric()))
            .toList();
    Judged judged = judged(headline);
    Difference by = judged.by();
    subjects.add(
        new RidgeSubject(
            decoded.subject(),
            judged.standing(),
            sentence(judged, value(scores, by), value(own, by)),
            facts(ridge),
            SubjectPanels.scores(own),
            headline.stream().map(RidgePanels::line).toList()));
    return own;
  }

  /** All differences of all subjects, for a table. */
  List<List<String>> rows() {
    return rows;
  }

  /** The panel; empty where nothing but ridge decoded. */
  Optional<RidgePanel> panel() {
    return subjects.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RidgePanel(
                GroupScores.of(subjects.stream().map(RidgeSubject::scores).toList()), subjects));
  }

  private static List<Line> facts(RidgeBeside.Rows ridge) {
    List<Line> facts = new ArrayList<>();
    ridge.facts().forEach((label, value) -> facts.add(new Line(label, value)));
    return facts;
  }

  private static Difference primary(List<Difference> headline) {
    return PrimaryMetric.names().stream()
        .flatMap(name -> headline.stream().filter(d -> PrimaryMetric.is(name, d.metric())))
        .findFirst()
        .orElseGet(() -> Objects.requireNonNull(headline.get(0)));
  }

  /** What it comes to, and by which score. */
  record Judged(Beside standing, Difference by) {}

  /**
   * By the primary score, declared before any study is scored; where that finds no difference, by
   * the other scores of finding the stimulus, corrected for their number.
   */
  static Judged judged(List<Difference> headline) {
    Difference primary = primary(headline);
    if (primary.p() < LEVEL && primary.value() != 0) {
      return new Judged(primary.gain() > 0 ? Beside.BETTER : Beside.BELOW, primary);
    }
    List<Difference> others =
        headline.stream().filter(d -> !d.metric().startsWith("embedding")).toList();
    double[] p = Statistics.holm(others.stream().mapToDouble(Difference::p).toArray());
    Judged judged = new Judged(Beside.EVEN, primary);
    for (int i = 0; i < p.length; i++) {
      Difference other = others.get(i);
      if (p[i] < LEVEL && other.gain() < 0) {
        return new Judged(Beside.BELOW, other);
      }
      if (p[i] < LEVEL && other.gain() > 0 && judged.standing() == Beside.EVEN) {
        judged = new Judged(Beside.BETTER, other);
      }
    }
    return judged;
  }

  private static double value(List<Scoring.Entry> scores, Difference of) {
    return scores.stream()
        .map(Scoring.Entry::score)
        .filter(s -> s.metric().equals(of.metric()))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static String sentence(Judged judged, double decoder, double ridge) {
    Difference d = judged.by();
    String numbers =
        String.format(
            Locale.ROOT,
            "%s %.3f against %.3f, difference %.3f [%.3f, %.3f], p %s",
            MetricNames.label(d.metric()),
            decoder,
            ridge,
            d.value(),
            d.low(),
            d.high(),
            d.p() < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "= %.3f", d.p()));
    return switch (judged.standing()) {
      case BETTER -> "the decoder is better than ridge (" + numbers + ").";
      case BELOW -> "the decoder is below ridge: use ridge (" + numbers + ").";
      case EVEN ->
          "no difference between the decoder and ridge was found ("
              + numbers
              + "); ridge is the simpler of the two.";
      case MISSING -> throw new IllegalStateException("there is a difference");
    };
  }

  /** A difference as reports have it. */
  static ContrastLine line(Difference d) {
    return new ContrastLine(
        d.metric(),
        MetricNames.label(d.metric()),
        d.value(),
        d.low(),
        d.high(),
        d.p(),
        d.n(),
        d.unit(),
        d.direction().name(),
        d.protocol());
  }

  /** A line of the table of differences. */
  static List<String> row(String subject, String first, String second, Scoring.Contrast contrast) {
    Difference d = contrast.difference();
    return List.of(
        subject,
        d.metric(),
        contrast.variant(),
        first,
        second,
        Double.toString(d.value()),
        Double.toString(d.low()),
        Double.toString(d.high()),
        Double.toString(d.p()),
        Integer.toString(d.n()),
        d.unit(),
        d.protocol());
  }
}
