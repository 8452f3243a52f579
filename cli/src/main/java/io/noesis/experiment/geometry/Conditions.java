package io.noesis.experiment.geometry;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What was shown, in the order of rows and columns of every geometry.
 *
 * @param root the study's folder, to which paths are relative
 * @param ids one per condition, unique
 * @param table a row per condition, where the study has a table
 * @param pictureColumn the column of that table with the paths of pictures
 */
public record Conditions(
    Path root, List<String> ids, Optional<TsvTable> table, String pictureColumn) {
  /** Copies the ids. */
  public Conditions {
    ids = List.copyOf(ids);
  }

  /** Reads the table of stimuli, or counts where there is none. */
  static Conditions read(Path root, MeasuredSpec spec, int count) {
    if (spec.stimuli().isEmpty()) {
      List<String> numbers = IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
      return new Conditions(root, numbers, Optional.empty(), spec.columns().picture());
    }
    TsvTable table = Tsv.read(root.resolve(spec.stimuli().get()));
    if (table.rows() != count) {
      throw new DataException(
          "reading the table of stimuli "
              + table.name()
              + ": it has "
              + table.rows()
              + " rows, expected "
              + count
              + ", one for each row and column of the measured distances.");
    }
    List<String> ids = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int row = 0; row < count; row++) {
      String id = table.required(row, spec.columns().id());
      if (!seen.add(id)) {
        throw new DataException(
            "reading the table of stimuli "
                + table.name()
                + ", line "
                + table.line(row)
                + ": the id '"
                + id
                + "' is there twice. Name a column of unique ids (columns.id).");
      }
      ids.add(id);
    }
    return new Conditions(root, ids, Optional.of(table), spec.columns().picture());
  }

  /** How many. */
  public int size() {
    return ids.size();
  }

  /** The picture of each condition. */
  List<Path> pictures() {
    return texts(pictureColumn).stream().map(root::resolve).toList();
  }

  /** A cell per condition of a column of the table. */
  List<String> texts(String column) {
    TsvTable stimuli =
        table.orElseThrow(
            () ->
                new DataException(
                    "reading the column '"
                        + column
                        + "' of the stimuli: the study names no table of stimuli. Give one in the"
                        + " study's settings (stimuli: FILE.tsv), or leave out models that need"
                        + " it."));
    stimuli.require(column);
    return IntStream.range(0, size()).mapToObj(row -> stimuli.required(row, column)).toList();
  }

  /** SHA-256 over the pictures' files. */
  String picturesFingerprint() {
    StringBuilder all = new StringBuilder();
    pictures().forEach(file -> all.append(Fingerprint.ofFile(file)).append('\n'));
    return Fingerprint.ofText(all.toString());
  }
}
