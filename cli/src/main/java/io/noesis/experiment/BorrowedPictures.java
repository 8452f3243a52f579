package io.noesis.experiment;

import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Condition;
import io.noesis.experiment.MadeTable.Row;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The pictures of a table that no model makes: of others, of training stimuli, what was shown. */
final class BorrowedPictures {
  /** The text chunk of a PNG that says by what it was decided. */
  static final String KEY = "Noesis key";

  private final RunFolder run;
  private final StimulusSet originals;
  private final Progress progress;

  BorrowedPictures(RunFolder run, StimulusSet originals, Progress progress) {
    this.run = run;
    this.originals = originals;
    this.progress = progress;
  }

  /** A file name of an id; ids that differ only in other characters differ in the digits. */
  static String plain(String id) {
    String plain = id.replaceAll("[^A-Za-z0-9_-]", "_");
    return plain.equals(id) && id.length() <= 60
        ? id
        : plain.substring(0, Math.min(50, plain.length()))
            + "-"
            + Fingerprint.ofText(id).substring(0, 8);
  }

  /** What is made by no model: the picture of another response, and that of a training stimulus. */
  List<Row> borrowed(SourceEmbeddings sources, List<Condition> conditions, List<Row> made) {
    List<Row> rows = new ArrayList<>();
    List<String> ids = sources.ids();
    if (conditions.contains(Condition.SHUFFLED)) {
      rows.addAll(sources.shuffled(made));
    }
    List<String> nearest = sources.nearest();
    if (conditions.contains(Condition.NEAREST) && !nearest.contains("")) {
      int side = size(made);
      for (int q = 0; q < ids.size(); q++) {
        String id = nearest.get(q);
        Optional<String> file = copy(id, "pictures/training/", side);
        if (file.isEmpty()) {
          progress.warn(
              "the picture of the training stimulus '"
                  + id
                  + "' is not at hand, so the nearest training pictures are left out; give --root");
          return rows.stream().filter(r -> !isNearest(r)).toList();
        }
        rows.add(new Row(ids.get(q), Condition.NEAREST.key(), id, "", file.get(), ""));
      }
    }
    return rows;
  }

  private static boolean isNearest(Row row) {
    return row.condition().equals(Condition.NEAREST.key());
  }

  /** What was shown, as the scores compare it; nothing where nobody knows or has the picture. */
  List<Row> shown(SourceEmbeddings sources, List<Row> made) {
    List<Row> rows = new ArrayList<>();
    if (!sources.known()) {
      return rows;
    }
    int side = size(made);
    for (String id : sources.ids()) {
      Optional<String> file = copy(id, "pictures/shown/", side);
      if (file.isEmpty()) {
        progress.warn(
            "the picture of the stimulus '"
                + id
                + "' is not at hand, so pictures are made but not scored; give --root");
        return List.of();
      }
      rows.add(new Row(id, MadeTable.SHOWN, id, "", file.get(), ""));
    }
    return rows;
  }

  private int size(List<Row> made) {
    return PixelImage.read(run.file(made.get(0).content())).width();
  }

  /** A stimulus's picture as scores compare it: its middle square at the generator's size. */
  private Optional<String> copy(String id, String folder, int side) {
    Optional<Path> image = originals.contains(id) ? originals.get(id).image() : Optional.empty();
    String file = folder + plain(id) + ".png";
    if (image.isEmpty()) {
      // An earlier call with the study at hand may have left it here.
      boolean there = MadePng.texts(run.file(file)).getOrDefault(KEY, "").startsWith(side + " ");
      return there ? Optional.of(file) : Optional.empty();
    }
    String key = side + " of " + Fingerprint.ofFile(image.get());
    if (!key.equals(MadePng.texts(run.file(file)).get(KEY))) {
      Map<String, String> texts = new TreeMap<>();
      texts.put("Source", "stimulus as it was shown, its middle square, made smaller or larger");
      texts.put("Noesis stimulus", id);
      texts.put(KEY, key);
      MadePng.write(
          run.file(file), ImagePreprocess.clip(side).square(PixelImage.read(image.get())), texts);
    }
    return Optional.of(file);
  }
}
