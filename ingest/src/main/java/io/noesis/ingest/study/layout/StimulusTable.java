package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.CaptionColumns;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of stimuli: columns {@code id} (or {@code stimulus_id}), {@code file}, {@code caption}
 * (of several also {@code caption_2}, ..., see {@link CaptionColumns}), {@code category}, of which
 * only an id or a file is needed; all other columns become attributes.
 *
 * @param file the table
 * @param stimuli its rows
 * @param idByFile the id of each picture, by the path in the table
 */
record StimulusTable(Path file, StimulusSet stimuli, Map<String, String> idByFile) {
  private static final List<String> ID = List.of("id", "stimulus_id", "stimulus", "index");
  private static final List<String> FILE = List.of("file", "stim_file", "filename", "image");

  /**
   * Reads the table.
   *
   * @param file the table
   * @param pictures the folder its files are relative to
   * @throws DataException when ids are not unique, some (but not all) pictures are missing, or
   *     columns of captions have a gap
   */
  static StimulusTable read(Path file, Path pictures) {
    TsvTable table = Tsv.read(StudyFiles.require(file, "the stimulus table"));
    Optional<String> id = ID.stream().filter(table::has).findFirst();
    Optional<String> picture = FILE.stream().filter(table::has).findFirst();
    String key =
        id.or(() -> picture)
            .orElseThrow(
                () ->
                    new DataException(
                        "reading the stimulus table "
                            + file
                            + ": expected a column 'id' or 'file', found "
                            + String.join(", ", table.columns())
                            + "."));
    requireUnique(table, key);
    CaptionColumns captions = CaptionColumns.of(table);
    Map<Integer, Path> found =
        picture.isEmpty() ? Map.of() : pictures(table, picture.get(), pictures);
    List<Stimulus> stimuli = new ArrayList<>();
    Map<String, String> idByFile = new HashMap<>();
    for (int row = 0; row < table.rows(); row++) {
      String name = table.required(row, key);
      Map<String, String> attributes = table.row(row);
      attributes.keySet().removeAll(List.of(key, "category"));
      attributes.keySet().removeAll(captions.names());
      int at = row;
      picture
          .flatMap(column -> table.value(at, column))
          .ifPresent(path -> idByFile.put(normal(path), name));
      stimuli.add(
          new Stimulus(
              name,
              cell(table, row, "category").orElse(""),
              captions.of(row),
              Optional.ofNullable(found.get(row)),
              attributes));
    }
    return new StimulusTable(file, StimulusSet.of(stimuli), Map.copyOf(idByFile));
  }

  /** The table and the pictures it names: what results depend on. */
  List<Path> files() {
    List<Path> files = new ArrayList<>();
    files.add(file);
    stimuli.all().forEach(s -> s.image().ifPresent(files::add));
    return files;
  }

  /** A path as it is compared: forward slashes, no leading {@code ./}. */
  static String normal(String path) {
    return path.replace('\\', '/').replaceFirst("^(\\./)+", "");
  }

  private static Optional<String> cell(TsvTable table, int row, String column) {
    return table.has(column) ? table.value(row, column) : Optional.empty();
  }

  private static void requireUnique(TsvTable table, String key) {
    Map<String, Integer> first = new HashMap<>();
    for (int row = 0; row < table.rows(); row++) {
      String id = table.required(row, key);
      Integer earlier = first.putIfAbsent(id, row);
      if (earlier != null) {
        throw new DataException(
            "reading the stimulus table "
                + table.name()
                + ": lines "
                + table.line(earlier)
                + " and "
                + table.line(row)
                + " both have the id '"
                + id
                + "' (column '"
                + key
                + "'); ids must be unique. Rename or remove one of them.");
      }
    }
  }

  /**
   * The picture of each row. A study shared without its pictures is fine, one with holes is not.
   */
  private static Map<Integer, Path> pictures(TsvTable table, String column, Path folder) {
    Map<Integer, Path> found = new HashMap<>();
    List<String> missing = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      Optional<String> cell = table.value(row, column);
      if (cell.isPresent()) {
        Path path = folder.resolve(normal(cell.get()));
        if (Files.isRegularFile(path)) {
          found.put(row, path);
        } else {
          missing.add("'" + cell.get() + "' (line " + table.line(row) + ")");
        }
      }
    }
    if (!found.isEmpty() && !missing.isEmpty()) {
      throw new DataException(
          "reading the stimulus table "
              + table.name()
              + ": "
              + missing.size()
              + " of "
              + (missing.size() + found.size())
              + " pictures are not in "
              + folder
              + ", the first is "
              + missing.get(0)
              + ". Put the pictures there, or write n/a for those that cannot be had.");
    }
    return found;
  }
}
