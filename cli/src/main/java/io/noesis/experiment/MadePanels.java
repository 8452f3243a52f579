package io.noesis.experiment;

import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Score;
import io.noesis.experiment.MadeScoring.Result;
import io.noesis.experiment.MadeTable.Row;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.MadePanel;
import io.noesis.report.MadePanel.MadeCell;
import io.noesis.report.MadePanel.MadeItem;
import io.noesis.report.MadePanel.MadeKind;
import io.noesis.report.MadePanel.MadeScore;
import io.noesis.report.MadePanel.MadeSubject;
import io.noesis.report.MadePanel.MadeValue;
import io.noesis.report.Report.Line;
import io.noesis.report.Report.Picture;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Turns what was made into the values that a report shows, subject by subject. */
final class MadePanels {
  private static final double LEVEL = 0.05;

  private final StimulusSet stimuli;
  private final int gallery;
  private final Seed seed;
  private final Map<String, MadeKind> kinds = new LinkedHashMap<>();
  private final List<MadeSubject> subjects = new ArrayList<>();
  private final Map<String, List<Score>> primaries = new LinkedHashMap<>();

  /**
   * A panel without subjects.
   *
   * @param stimuli what was shown, with thumbnails
   * @param gallery how many stimuli are shown
   * @param seed of the random picks
   */
  MadePanels(StimulusSet stimuli, int gallery, Seed seed) {
    this.stimuli = stimuli;
    this.gallery = gallery;
    this.seed = seed;
  }

  void add(String subject, List<Result> results) {
    if (results.isEmpty()) {
      return;
    }
    for (Result result : results) {
      List<Line> facts = new ArrayList<>();
      result.request().facts().forEach((label, value) -> facts.add(new Line(label, value)));
      kinds.putIfAbsent(result.request().what(), new MadeKind(result.request().what(), facts));
      result.scores().getOrDefault(Condition.DECODED, List.of()).stream()
          .filter(s -> s.metric().startsWith(result.primary() + "@"))
          .findFirst()
          .ifPresent(
              s ->
                  primaries
                      .computeIfAbsent(result.request().what(), w -> new ArrayList<>())
                      .add(s));
    }
    subjects.add(new MadeSubject(subject, scores(results), items(subject, results)));
  }

  Optional<MadePanel> panel() {
    return subjects.isEmpty()
        ? Optional.empty()
        : Optional.of(new MadePanel(List.copyOf(kinds.values()), subjects));
  }

  /** One sentence per kind for the verdict. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    primaries.forEach(
        (what, scores) -> {
          long better = scores.stream().filter(s -> s.aboveChance(LEVEL)).count();
          sentences.add(
              "The "
                  + what
                  + " made from decoded embeddings are nearer to what was shown than those of"
                  + " shuffled brains in "
                  + better
                  + " of "
                  + scores.size()
                  + (scores.size() == 1 ? " subject." : " subjects."));
        });
    return sentences;
  }

  private static List<MadeScore> scores(List<Result> results) {
    List<MadeScore> lines = new ArrayList<>();
    for (Result result : results) {
      for (Score score : result.scores().getOrDefault(Condition.DECODED, List.of())) {
        List<MadeValue> others = new ArrayList<>();
        for (Condition condition : Condition.values()) {
          result.scores().getOrDefault(condition, List.of()).stream()
              .filter(s -> condition != Condition.DECODED && s.metric().equals(score.metric()))
              .findFirst()
              .ifPresent(
                  s -> others.add(new MadeValue(condition.key(), s.value(), s.low(), s.high())));
        }
        lines.add(
            new MadeScore(
                result.request().what(),
                SubjectPanels.made(score, result.request().what()),
                others));
      }
    }
    return lines;
  }

  private List<MadeItem> items(String subject, List<Result> results) {
    // Pictures come last and decide what is shown; captions alone decide where there are none.
    Result leading = results.get(results.size() - 1);
    List<String> ids = leading.table().stimuli();
    Comparator<String> byLikeness =
        Comparator.comparingDouble(
            id -> -leading.likeness().getOrDefault(id, Double.NEGATIVE_INFINITY));
    List<String> ordered =
        ids.stream().sorted(byLikeness.thenComparing(Comparator.naturalOrder())).toList();
    List<MadeItem> items = new ArrayList<>();
    chosen(ordered, seed.child("sub-" + subject), !leading.likeness().isEmpty())
        .forEach(
            (tag, chosen) ->
                chosen.forEach(
                    id ->
                        items.add(
                            new MadeItem(
                                tag,
                                seen(id, results),
                                leading.likeness().getOrDefault(id, Double.NaN),
                                cells(id, results)))));
    return items;
  }

  private Map<String, List<String>> chosen(List<String> ordered, Seed from, boolean known) {
    int n = ordered.size();
    int each = Math.max(1, gallery / 4);
    Map<String, List<String>> chosen = new LinkedHashMap<>();
    if (gallery == 0) {
      return chosen;
    }
    chosen.put(
        "random (seeded)",
        IntStream.of(from.random().permutation(n)).limit(each).mapToObj(ordered::get).toList());
    if (known) {
      int middle = Math.max(0, (n - each) / 2);
      chosen.put("best", ordered.subList(0, Math.min(n, each)));
      chosen.put("middle", ordered.subList(middle, Math.min(n, middle + each)));
      chosen.put("worst", ordered.subList(Math.max(0, n - each), n));
    }
    Set<String> seen = new LinkedHashSet<>();
    chosen.replaceAll((tag, list) -> list.stream().filter(seen::add).toList());
    return chosen;
  }

  private Picture seen(String id, List<Result> results) {
    Stimulus stimulus = stimuli.get(id);
    String file =
        results.stream()
            .filter(r -> r.request().what().equals(MadeRequest.PICTURES))
            .flatMap(r -> r.table().row(MadeTable.SHOWN, id).stream())
            .map(Row::content)
            .findFirst()
            .orElseGet(() -> stimulus.attributes().getOrDefault(StimulusFile.THUMBNAIL, ""));
    return new Picture(id, stimulus.caption().orElse(stimulus.category()), file);
  }

  private static List<MadeCell> cells(String id, List<Result> results) {
    List<MadeCell> cells = new ArrayList<>();
    for (Condition condition : Condition.values()) {
      String file = "";
      String caption = "";
      String source = "";
      for (Result result : results) {
        Optional<Row> row = result.table().row(condition.key(), id);
        if (row.isPresent()) {
          boolean picture = result.request().what().equals(MadeRequest.PICTURES);
          file = picture ? row.get().content() : file;
          caption = picture ? caption : row.get().content();
          source = row.get().source().equals(id) ? source : row.get().source();
        }
      }
      if (!file.isEmpty() || !caption.isEmpty()) {
        cells.add(new MadeCell(condition.key(), condition.words(), source, file, caption));
      }
    }
    return cells;
  }
}
