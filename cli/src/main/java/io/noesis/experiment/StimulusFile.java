package io.noesis.experiment;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.CaptionColumns;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The stimuli of a run as a table in its folder, with a thumbnail of each one that is tested, so
 * that scoring and reports need nothing from outside the folder.
 */
final class StimulusFile {
  /** The attribute that holds the path of the thumbnail, relative to the run folder. */
  static final String THUMBNAIL = "thumbnail";

  static final String FILE = "stimuli.tsv";

  private StimulusFile() {}

  static void write(RunFolder run, StimulusSet stimuli, Set<String> tested, Progress progress) {
    List<String> shown = tested.stream().filter(id -> stimuli.get(id).image().isPresent()).toList();
    Map<String, String> thumbnails = new LinkedHashMap<>();
    if (!shown.isEmpty()) {
      progress.begin("thumbnails", shown.size());
      String[] files = new String[shown.size()];
      // Side by side: one by one each would wait until the disk has the one before.
      Parallel.forBlocks(
          files.length,
          1,
          (from, to) -> {
            String id = shown.get(from);
            files[from] = Thumbnail.write(run, from + 1, id, stimuli.get(id).image().orElseThrow());
            progress.step(1);
          });
      for (int i = 0; i < files.length; i++) {
        thumbnails.put(shown.get(i), files[i]);
      }
      progress.done(files.length + " pictures");
    }
    int most = stimuli.all().stream().mapToInt(s -> s.captions().size()).max().orElse(0);
    List<String> captions = CaptionColumns.names(Math.max(1, most));
    List<String> columns = new ArrayList<>(List.of("id", "category"));
    columns.addAll(captions);
    columns.add(THUMBNAIL);
    List<List<String>> rows = new ArrayList<>();
    for (Stimulus s : stimuli.all()) {
      List<String> row = new ArrayList<>(List.of(s.id(), s.category()));
      row.addAll(s.captions());
      row.addAll(Collections.nCopies(captions.size() - s.captions().size(), ""));
      row.add(thumbnails.getOrDefault(s.id(), ""));
      rows.add(row);
    }
    Tsv.write(run.file(FILE), columns, rows);
  }

  static StimulusSet read(RunFolder run) {
    TsvTable table = Tsv.read(run.file(FILE));
    CaptionColumns captions = CaptionColumns.of(table);
    List<Stimulus> stimuli = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      Optional<String> thumbnail = table.value(r, THUMBNAIL);
      stimuli.add(
          new Stimulus(
              table.required(r, "id"),
              table.value(r, "category").orElse(""),
              captions.of(r),
              thumbnail.map(run::file),
              thumbnail.map(t -> Map.of(THUMBNAIL, t)).orElse(Map.of())));
    }
    return StimulusSet.of(stimuli);
  }
}
