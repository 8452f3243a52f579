package io.noesis.experiment;

import io.noesis.alignment.score.RetrievalCurve;
import io.noesis.alignment.score.Score;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.report.Report.Line;
import io.noesis.report.ScoreLine;
import io.noesis.report.SubjectPanel.Confusion;
import io.noesis.report.SubjectPanel.Curve;
import io.noesis.report.SubjectPanel.CurvePoint;
import io.noesis.report.SubjectPanel.RunStrip;
import io.noesis.report.SubjectPanel.SplitMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns one subject's results into the values that a report shows. */
final class SubjectPanels {
  private SubjectPanels() {}

  static List<ScoreLine> scores(List<Scoring.Entry> entries) {
    String headlineVariant = entries.isEmpty() ? "" : entries.get(0).variant();
    return entries.stream().map(e -> score(e, e.variant().equals(headlineVariant))).toList();
  }

  /** A score of what was made from decoded embeddings. */
  static ScoreLine made(Score score, String what) {
    return score(new Scoring.Entry(what, score), true);
  }

  private static ScoreLine score(Scoring.Entry entry, boolean headlineVariant) {
    Score s = entry.score();
    return new ScoreLine(
        s.metric() + (headlineVariant ? "" : " (" + entry.variant() + ")"),
        MetricNames.label(s.metric()),
        headlineVariant && MetricNames.headline(s.metric()),
        s.value(),
        s.low(),
        s.high(),
        s.chance(),
        s.nullLow(),
        s.nullHigh(),
        s.p(),
        s.n(),
        s.unit(),
        s.direction().name(),
        s.ceiling().isPresent() ? s.ceiling().getAsDouble() : null,
        entry.variant() + "; " + s.protocol());
  }

  static SplitMap split(TrialTable trials, List<Split> folds) {
    Split first = folds.get(0);
    Map<String, StringBuilder> strips = new LinkedHashMap<>();
    for (int row = 0; row < trials.size(); row++) {
      strips
          .computeIfAbsent(trials.get(row).recording(), r -> new StringBuilder())
          .append(letter(first.parts().get(row)));
    }
    List<RunStrip> runs = new ArrayList<>();
    strips.forEach((run, parts) -> runs.add(new RunStrip(run, parts.toString())));
    Set<String> train = stimuli(trials, first, Split.Part.TRAIN);
    Set<String> test = stimuli(trials, first, Split.Part.TEST);
    Set<String> shared = new HashSet<>(train);
    shared.retainAll(test);
    List<Line> facts =
        List.of(
            new Line("training trials", Integer.toString(first.rows(Split.Part.TRAIN).length)),
            new Line("test trials", Integer.toString(first.rows(Split.Part.TEST).length)),
            new Line("training stimuli", Integer.toString(train.size())),
            new Line("test stimuli", Integer.toString(test.size())),
            new Line("stimuli in both", Integer.toString(shared.size())));
    return new SplitMap(first.name(), first.hash(), folds.size(), facts, runs);
  }

  private static Set<String> stimuli(TrialTable trials, Split split, Split.Part part) {
    Set<String> ids = new HashSet<>();
    for (int row : split.rows(part)) {
      Trial trial = trials.get(row);
      ids.add(trial.stimulus());
    }
    return ids;
  }

  private static char letter(Split.Part part) {
    return switch (part) {
      case TRAIN -> 'T';
      case VALIDATION -> 'V';
      case TEST -> 'E';
      case UNUSED -> '-';
    };
  }

  /** Both curves on the same pool sizes; top-5 is certain in a pool of five and fewer. */
  static Optional<Curve> curve(Map<Integer, RetrievalCurve> curves) {
    RetrievalCurve one = curves.get(1);
    if (one == null) {
      return Optional.empty();
    }
    Map<Integer, Double> five = new LinkedHashMap<>();
    if (curves.containsKey(5)) {
      curves.get(5).points().forEach(p -> five.put(p.pool(), p.expected()));
    }
    List<CurvePoint> points = new ArrayList<>();
    for (RetrievalCurve.Point p : one.points()) {
      points.add(
          new CurvePoint(
              p.pool(),
              p.expected(),
              p.low(),
              p.high(),
              five.getOrDefault(p.pool(), 1.0),
              p.chance(),
              p.nullLow(),
              p.nullHigh(),
              Math.min(1.0, 5.0 / p.pool())));
    }
    return Optional.of(new Curve(points));
  }

  static Confusion confusion(io.noesis.alignment.score.Confusion confusion) {
    return new Confusion(confusion.labels(), confusion.counts());
  }
}
