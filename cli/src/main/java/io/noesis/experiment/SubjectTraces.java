package io.noesis.experiment;

import io.noesis.alignment.score.SubjectProbe;
import io.noesis.ingest.study.Trial;
import io.noesis.report.Report.Line;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Whether the embeddings of decoders that subjects share give away whose they are. */
final class SubjectTraces {
  private SubjectTraces() {}

  /**
   * A line of the report; empty where fewer than two subjects have two tested stimuli in common.
   */
  static Optional<Line> line(List<Decoded> subjects, int permutations, Seed seed) {
    if (subjects.size() < 2) {
      return Optional.empty();
    }
    Set<String> common = new TreeSet<>(means(subjects.get(0)).keySet());
    subjects.forEach(subject -> common.retainAll(means(subject).keySet()));
    if (common.size() < 2) {
      return Optional.empty();
    }
    List<Tensor> rows = new ArrayList<>();
    for (Decoded subject : subjects) {
      Map<String, Tensor> means = means(subject);
      rows.add(Tensor.concatenate(common.stream().map(means::get).toArray(Tensor[]::new)));
    }
    SubjectProbe probe = SubjectProbe.of(rows, permutations, seed.child("subject probe"));
    return Optional.of(
        new Line(
            "subject told from decoded embeddings",
            String.format(
                Locale.ROOT,
                "%.3f of %d (chance %.3f, null up to %.3f, p = %.3f)",
                probe.accuracy(),
                probe.n(),
                probe.chance(),
                probe.nullHigh(),
                probe.p())));
  }

  /** The mean decoded embedding of each tested stimulus. */
  private static Map<String, Tensor> means(Decoded subject) {
    Map<String, List<Integer>> rows = new LinkedHashMap<>();
    for (int i = 0; i < subject.rows().size(); i++) {
      Trial trial = subject.trials().get(subject.rows().get(i).trial());
      rows.computeIfAbsent(trial.stimulus(), id -> new ArrayList<>()).add(i);
    }
    Map<String, Tensor> means = new LinkedHashMap<>();
    rows.forEach(
        (id, of) ->
            means.put(
                id,
                ColumnStatistics.of(subject.values().rows(of.stream().mapToInt(i -> i).toArray()))
                    .mean()));
    return means;
  }
}
