package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.run.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of a table of labels, as the settings read them. */
final class TableRows {
  /**
   * One row.
   *
   * @param line its line in the file
   * @param session label, or empty
   * @param run label; {@code 01} when the table names no runs
   * @param volume the volume it names, or -1
   * @param onset seconds, or NaN
   * @param duration seconds, or NaN
   * @param category what kind of thing was shown, or empty
   * @param stimulus what was shown, or empty when unknown
   * @param block the block it names, or empty
   * @param part the part it names, or empty
   * @param rest whether it is no trial
   */
  record Row(
      int line,
      String session,
      String run,
      int volume,
      double onset,
      double duration,
      String category,
      String stimulus,
      String block,
      String part,
      boolean rest) {
    /** Session and run: which recording it is of. */
    String recording() {
      return session + "/" + run;
    }

    /** What is compared to tell blocks apart. */
    String label() {
      return category + "\t" + stimulus;
    }
  }

  private TableRows() {}

  static List<Row> read(Path file, TableSettings settings) {
    TsvTable table = Tsv.read(StudyFiles.require(file, "the table of labels"));
    TableSettings.Columns columns = settings.columns();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < table.rows(); i++) {
      String category = cell(table, i, columns.category());
      String stimulus = cell(table, i, columns.stimulus());
      boolean rest =
          settings.rest().contains(category)
              || settings.rest().contains(stimulus)
              || (category.isEmpty() && stimulus.isEmpty());
      String run = columns.run().isPresent() ? table.required(i, columns.run().get()) : "01";
      rows.add(
          new Row(
              table.line(i),
              cell(table, i, columns.session()),
              run,
              columns.volume().isPresent() ? table.whole(i, columns.volume().get()) : -1,
              columns.onset().isPresent() ? table.number(i, columns.onset().get()) : Double.NaN,
              columns.duration().isPresent()
                  ? table.number(i, columns.duration().get())
                  : Double.NaN,
              category,
              stimulus,
              cell(table, i, columns.block()),
              cell(table, i, columns.part()),
              rest));
    }
    if (rows.stream().allMatch(Row::rest)) {
      throw new DataException(
          "reading the table "
              + file
              + ": none of its "
              + rows.size()
              + " rows is a trial. Check the settings 'columns' and 'rest'.");
    }
    return rows;
  }

  /** The rows of each recording, in the order of the table. */
  static Map<String, List<Row>> byRecording(List<Row> rows) {
    Map<String, List<Row>> out = new LinkedHashMap<>();
    for (Row row : rows) {
      out.computeIfAbsent(row.recording(), key -> new ArrayList<>()).add(row);
    }
    return out;
  }

  private static String cell(TsvTable table, int row, Optional<String> column) {
    return column.isEmpty() ? "" : table.value(row, column.get()).orElse("");
  }
}
