package io.noesis.experiment;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.simulate.stimulus.CaptionWords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the embedded tower reads off a subject's pictures: one line per line of its table. */
final class PictureAttributes {
  private PictureAttributes() {}

  static String file(String subject) {
    return Decoded.folder(subject) + "/pictures_attributes.tsv";
  }

  static void write(Path file, List<Map<String, String>> rows) {
    List<List<String>> lines = new ArrayList<>();
    for (Map<String, String> row : rows) {
      lines.add(CaptionWords.ATTRIBUTES.stream().map(a -> row.getOrDefault(a, "n/a")).toList());
    }
    Tsv.write(file, CaptionWords.ATTRIBUTES, lines);
  }

  static List<Map<String, String>> read(Path file) {
    TsvTable table = Tsv.read(file);
    List<Map<String, String>> rows = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      Map<String, String> row = new LinkedHashMap<>();
      for (String attribute : CaptionWords.ATTRIBUTES) {
        int at = r;
        table.value(at, attribute).ifPresent(value -> row.put(attribute, value));
      }
      rows.add(row);
    }
    return rows;
  }
}
