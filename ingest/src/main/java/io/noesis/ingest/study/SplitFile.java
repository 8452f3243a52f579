package io.noesis.ingest.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.run.AtomicFile;
import io.noesis.run.DataException;
import io.noesis.run.YamlTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A split as files: {@code ..._desc-split_trials.tsv} with one row per trial (row, subject,
 * session, run, onset, stimulus, part), and a JSON file of the same name with the split's name and
 * hash.
 */
public final class SplitFile {
  private static final List<String> COLUMNS =
      List.of("row", "subject", "session", "run", "onset", "stimulus", "part");

  private SplitFile() {}

  /**
   * Writes a split and its JSON, each whole or not at all.
   *
   * @param file a name ending in {@code .tsv}
   * @param trials the table that was split
   * @param split its split
   */
  public static void write(Path file, TrialTable trials, Split split) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < trials.size(); i++) {
      Trial t = trials.get(i);
      rows.add(
          List.of(
              Integer.toString(i),
              t.subject(),
              t.session(),
              t.run(),
              Double.isNaN(t.onsetSeconds()) ? "" : Double.toString(t.onsetSeconds()),
              t.stimulus(),
              split.parts().get(i).name().toLowerCase(Locale.ROOT)));
    }
    Tsv.write(file, COLUMNS, rows);
    ObjectNode json = YamlTree.emptyMapping();
    json.put("Name", split.name());
    json.put("Hash", split.hash());
    json.put("Trials", trials.size());
    AtomicFile.writeText(jsonOf(file), json.toPrettyString() + "\n");
  }

  /**
   * Reads a split back and checks that it is of these trials.
   *
   * @param file the table; its columns {@code row} and {@code part} are needed, {@code stimulus},
   *     {@code session}, {@code run} are compared where they stand
   * @param trials the table to be split; trials that no row names are {@code UNUSED}
   * @return the split, named by its JSON file, or by the file's name
   * @throws DataException when it does not fit the trials, or its hash is not that of the JSON file
   */
  public static Split read(Path file, TrialTable trials) {
    TsvTable table = Tsv.read(file);
    table.require("row", "part");
    List<Split.Part> parts = new ArrayList<>();
    for (int i = 0; i < trials.size(); i++) {
      parts.add(Split.Part.UNUSED);
    }
    boolean[] seen = new boolean[trials.size()];
    for (int r = 0; r < table.rows(); r++) {
      int row = table.whole(r, "row");
      if (row < 0 || row >= trials.size() || seen[row]) {
        throw wrong(
            table,
            r,
            "row " + row + (row >= 0 && row < trials.size() ? " stands twice" : " is no trial"),
            "the rows 0 to " + (trials.size() - 1) + ", each at most once");
      }
      seen[row] = true;
      compare(table, r, trials.get(row));
      parts.set(row, part(table, r));
    }
    String name =
        String.valueOf(file.getFileName()).replaceAll("(_desc-split)?(_trials)?\\.tsv$", "");
    return checked(file, name, parts);
  }

  private static Split checked(Path file, String name, List<Split.Part> parts) {
    if (!parts.contains(Split.Part.TRAIN) || !parts.contains(Split.Part.TEST)) {
      throw new DataException(
          "reading the split " + file + ": expected trials to train and trials to test.");
    }
    Path json = jsonOf(file);
    if (!Files.isRegularFile(json)) {
      return new Split(name, parts);
    }
    JsonNode beside = YamlTree.read(json);
    Split split = new Split(beside.path("Name").asText(name), parts);
    String wanted = beside.path("Hash").asText("");
    if (!wanted.isEmpty() && !wanted.equals(split.hash())) {
      throw new DataException(
          "reading the split "
              + file
              + ": its hash is "
              + split.hash()
              + ", "
              + json.getFileName()
              + " says "
              + wanted
              + ". The table was changed, or the study has other trials now; restore it, or delete"
              + " the JSON file to accept the change.");
    }
    return split;
  }

  private static void compare(TsvTable table, int r, Trial trial) {
    compare(table, r, "stimulus", trial.stimulus());
    compare(table, r, "session", trial.session());
    compare(table, r, "run", trial.run());
    compare(table, r, "subject", trial.subject());
  }

  private static void compare(TsvTable table, int r, String column, String expected) {
    if (table.has(column) && !table.value(r, column).orElse("").equals(expected)) {
      throw wrong(
          table,
          r,
          column + " is '" + table.text(r, column) + "'",
          "'" + expected + "' as in the study; the split is of other trials");
    }
  }

  private static Split.Part part(TsvTable table, int r) {
    String text = table.value(r, "part").orElse("unused").toUpperCase(Locale.ROOT);
    for (Split.Part part : Split.Part.values()) {
      if (part.name().equals(text)) {
        return part;
      }
    }
    throw wrong(
        table, r, "part is '" + table.text(r, "part") + "'", "train, validation, test or unused");
  }

  private static DataException wrong(TsvTable table, int r, String found, String expected) {
    return new DataException(
        "reading the split "
            + table.name()
            + ", line "
            + table.line(r)
            + ": "
            + found
            + ", expected "
            + expected
            + ".");
  }

  private static Path jsonOf(Path tsv) {
    return tsv.resolveSibling(
        String.valueOf(tsv.getFileName()).replaceAll("\\.tsv$", "") + ".json");
  }
}
