package io.noesis.ingest.study.layout;

import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the layouts do alike with rows of trials. */
final class TrialRows {
  private TrialRows() {}

  /** The same trials with their repetitions counted in the order given. */
  static TrialTable counted(List<Trial> trials) {
    Map<String, Integer> seen = new HashMap<>();
    List<Trial> out = new ArrayList<>(trials.size());
    for (Trial t : trials) {
      int repetition = seen.merge(t.stimulus(), 1, Integer::sum);
      out.add(
          new Trial(
              t.subject(),
              t.session(),
              t.run(),
              t.onsetSeconds(),
              t.durationSeconds(),
              t.windowStartSeconds(),
              t.windowEndSeconds(),
              t.stimulus(),
              t.category(),
              repetition,
              t.part()));
    }
    return new TrialTable(out);
  }

  /** One record per recording of a transform that was fitted within it. */
  static List<FitRecord> fittedPerRun(String transform, TrialTable trials) {
    List<FitRecord> out = new ArrayList<>();
    for (String recording : trials.distinct(Trial::recording)) {
      List<Integer> rows =
          IntStream.of(trials.rows(t -> t.recording().equals(recording))).boxed().toList();
      out.add(new FitRecord(transform, "run " + recording, rows, rows));
    }
    return out;
  }

  /** A scaling in the words of the data card. */
  static String words(Scaling scaling) {
    return switch (scaling) {
      case NONE -> "none";
      case ZSCORE_POPULATION -> "z-score per run (n)";
      case ZSCORE_SAMPLE -> "z-score per run (n - 1)";
    };
  }
}
