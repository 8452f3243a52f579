package io.noesis.experiment;

import io.noesis.alignment.score.Condition;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was made for one subject, as a table: stimuli in ascending order of their ids within each
 * condition.
 *
 * @param rows all lines
 */
record MadeTable(List<Row> rows) {
  /** In the place of a condition: what was shown, as the scores compare it. */
  static final String SHOWN = "shown";

  private static final List<String> COLUMNS =
      List.of("stimulus", "condition", "source", "seed", "content", "key");

  /**
   * One line.
   *
   * @param stimulus what was shown
   * @param condition key of a {@link Condition}, or {@value #SHOWN}
   * @param source the stimulus whose response, target or picture it comes from; empty for none
   * @param seed of its sampling; empty where nothing was sampled
   * @param content path of the picture below the run folder, or the caption
   * @param key SHA-256 of everything that decides the content; empty where it was copied
   */
  record Row(
      String stimulus, String condition, String source, String seed, String content, String key) {}

  MadeTable {
    rows = List.copyOf(rows);
  }

  void write(Path file) {
    Tsv.write(
        file,
        COLUMNS,
        rows.stream()
            .map(
                r ->
                    List.of(
                        r.stimulus(), r.condition(), r.source(), r.seed(), r.content(), r.key()))
            .toList());
  }

  static MadeTable read(Path file) {
    TsvTable table = Tsv.read(file);
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      rows.add(
          new Row(
              table.required(r, "stimulus"),
              table.required(r, "condition"),
              table.value(r, "source").orElse(""),
              table.value(r, "seed").orElse(""),
              table.value(r, "content").orElse(""),
              table.value(r, "key").orElse("")));
    }
    return new MadeTable(rows);
  }

  /** The conditions that are there, in their own order. */
  List<Condition> conditions() {
    return Arrays.stream(Condition.values()).filter(c -> !of(c.key()).isEmpty()).toList();
  }

  /** The rows of a condition, or of what was shown. */
  List<Row> of(String condition) {
    return rows.stream().filter(r -> r.condition().equals(condition)).toList();
  }

  /** The ids that something was made for. */
  List<String> stimuli() {
    return of(Condition.DECODED.key()).stream().map(Row::stimulus).toList();
  }

  Optional<Row> row(String condition, String stimulus) {
    return of(condition).stream().filter(r -> r.stimulus().equals(stimulus)).findFirst();
  }

  /** Content by key. */
  Map<String, String> byKey() {
    Map<String, String> all = new LinkedHashMap<>();
    rows.stream().filter(r -> !r.key().isEmpty()).forEach(r -> all.put(r.key(), r.content()));
    return all;
  }
}
