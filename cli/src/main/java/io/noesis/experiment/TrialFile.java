package io.noesis.experiment;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A trial table as a TSV file; row {@code i} of the file is trial {@code i}. */
final class TrialFile {
  private static final List<String> COLUMNS =
      List.of(
          "subject",
          "session",
          "run",
          "onset",
          "duration",
          "window_start",
          "window_end",
          "stimulus",
          "category",
          "repetition",
          "part");

  private TrialFile() {}

  static void write(Path file, TrialTable trials) {
    List<List<String>> rows = new ArrayList<>();
    for (Trial t : trials.trials()) {
      rows.add(
          List.of(
              t.subject(),
              t.session(),
              t.run(),
              number(t.onsetSeconds()),
              number(t.durationSeconds()),
              number(t.windowStartSeconds()),
              number(t.windowEndSeconds()),
              t.stimulus(),
              t.category(),
              Integer.toString(t.repetition()),
              t.part()));
    }
    Tsv.write(file, COLUMNS, rows);
  }

  static TrialTable read(Path file) {
    TsvTable table = Tsv.read(file);
    List<Trial> trials = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      trials.add(
          new Trial(
              text(table, r, "subject"),
              text(table, r, "session"),
              text(table, r, "run"),
              seconds(table, r, "onset"),
              seconds(table, r, "duration"),
              seconds(table, r, "window_start"),
              seconds(table, r, "window_end"),
              text(table, r, "stimulus"),
              text(table, r, "category"),
              table.whole(r, "repetition"),
              text(table, r, "part")));
    }
    return new TrialTable(trials);
  }

  private static String text(TsvTable table, int row, String column) {
    return table.value(row, column).orElse("");
  }

  /** Unknown times are {@code n/a} in the file and NaN in memory. */
  private static double seconds(TsvTable table, int row, String column) {
    return table.value(row, column).isEmpty() ? Double.NaN : table.number(row, column);
  }

  private static String number(double seconds) {
    return Double.isNaN(seconds) ? "" : Double.toString(seconds);
  }
}
