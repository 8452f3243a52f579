package io.noesis.experiment;

import io.noesis.alignment.score.Difference;
import io.noesis.alignment.score.Statistics;
import io.noesis.report.AblationPanel;
import io.noesis.report.AblationPanel.AblatedSubject;
import io.noesis.report.AblationPanel.RegionLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a report says of decoding without regions, by its headline scores. */
final class AblationPanels {
  private final List<AblatedSubject> subjects = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** The columns of {@link #rows}. */
  static final List<String> COLUMNS =
      List.of(
          "subject",
          "region",
          "columns",
          "of",
          "metric",
          "variant",
          "whole",
          "without",
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
   * @param decoded of everything
   * @param scores of that, headline variant first
   * @param without regions, one after another
   * @param scoring scores both in the same way
   */
  void add(
      Decoded decoded,
      List<Scoring.Entry> scores,
      List<Ablating.Without> without,
      Scoring scoring) {
    if (without.isEmpty()) {
      return;
    }
    String headline = scores.get(0).variant();
    Map<String, List<Asked>> byMetric = new LinkedHashMap<>();
    for (Ablating.Without region : without) {
      for (Scoring.Contrast contrast : scoring.contrasts(decoded, region.decoded())) {
        Difference d = contrast.difference();
        rows.add(row(decoded.subject(), region, scores, contrast));
        if (contrast.variant().equals(headline) && MetricNames.headline(d.metric())) {
          byMetric.computeIfAbsent(d.metric(), m -> new ArrayList<>()).add(new Asked(region, d));
        }
      }
    }
    List<RegionLine> lines = new ArrayList<>();
    for (List<Asked> regions : byMetric.values()) {
      double[] p = Statistics.holm(regions.stream().mapToDouble(a -> a.loss().p()).toArray());
      for (int i = 0; i < p.length; i++) {
        lines.add(line(regions.get(i), value(scores, headline, regions.get(i).loss()), p[i]));
      }
    }
    subjects.add(new AblatedSubject(decoded.subject(), lines));
  }

  /** A region and what leaving it out cost. */
  private record Asked(Ablating.Without region, Difference loss) {}

  private static RegionLine line(Asked asked, double whole, double p) {
    Difference d = asked.loss();
    return new RegionLine(
        asked.region().name(),
        asked.region().columns(),
        asked.region().of(),
        d.metric(),
        MetricNames.label(d.metric()),
        d.direction().name(),
        whole,
        whole - d.value(),
        d.value(),
        d.low(),
        d.high(),
        p,
        d.n(),
        d.unit());
  }

  private static double value(List<Scoring.Entry> scores, String variant, Difference of) {
    return scores.stream()
        .filter(entry -> entry.variant().equals(variant))
        .map(Scoring.Entry::score)
        .filter(score -> score.metric().equals(of.metric()))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static List<String> row(
      String subject,
      Ablating.Without region,
      List<Scoring.Entry> scores,
      Scoring.Contrast contrast) {
    Difference d = contrast.difference();
    double whole = value(scores, contrast.variant(), d);
    return List.of(
        subject,
        region.name(),
        Integer.toString(region.columns()),
        Integer.toString(region.of()),
        d.metric(),
        contrast.variant(),
        Double.toString(whole),
        Double.toString(whole - d.value()),
        Double.toString(d.value()),
        Double.toString(d.low()),
        Double.toString(d.high()),
        Double.toString(d.p()),
        Integer.toString(d.n()),
        d.unit(),
        d.protocol());
  }

  /** All differences of all subjects, for a table; p as they are. */
  List<List<String>> rows() {
    return rows;
  }

  /** The panel; empty where nothing was decoded without a region. */
  Optional<AblationPanel> panel() {
    return subjects.isEmpty() ? Optional.empty() : Optional.of(new AblationPanel(subjects));
  }
}
