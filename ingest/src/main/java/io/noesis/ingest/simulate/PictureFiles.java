package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.SimulatedStimulus.Copy;
import io.noesis.ingest.simulate.stimulus.Scene;
import io.noesis.ingest.simulate.stimulus.StimulusPng;
import io.noesis.ingest.study.CaptionColumns;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** The pictures of a simulated study as files, with the table of what each shows. */
final class PictureFiles {
  private PictureFiles() {}

  /**
   * Draws the pictures and writes the table of what each shows.
   *
   * @param folder {@code stimuli}
   * @param stimuli all, by id
   * @param plan size of a picture, and how many captions it has
   * @param progress hears of each
   */
  static void write(
      Path folder, List<SimulatedStimulus> stimuli, PicturePlan plan, Progress progress) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        row(
            List.of("id", "file"),
            CaptionColumns.names(plan.captions()),
            "category",
            "group",
            "colour",
            "size",
            "position",
            "count",
            "background",
            "held_out"));
    for (SimulatedStimulus stimulus : stimuli) {
      Scene scene = stimulus.scene();
      rows.add(
          row(
              List.of(stimulus.id(), stimulus.file()),
              captions(stimulus, plan.captions()),
              scene.category().name(),
              scene.group().word(),
              scene.colour().word(),
              scene.size().word(),
              scene.position().word(),
              scene.count().word(),
              scene.background().word(),
              Boolean.toString(scene.heldOut())));
    }
    Bids.table(folder.resolve("stimuli.tsv"), rows);
    progress.begin("drawing pictures", stimuli.size());
    Parallel.forBlocks(
        stimuli.size(),
        8,
        (from, to) -> {
          for (int k = from; k < to; k++) {
            picture(folder, stimuli.get(k), plan.pixels());
            progress.step(1);
          }
        });
    progress.done(stimuli.size() + " pictures");
  }

  private static List<String> row(List<String> first, List<String> captions, String... others) {
    List<String> row = new ArrayList<>(first);
    row.addAll(captions);
    row.addAll(List.of(others));
    return row;
  }

  private static List<String> captions(SimulatedStimulus stimulus, int count) {
    Seed own = stimulus.scene().seed();
    boolean duplicate = stimulus.copy() == Copy.DUPLICATE;
    return stimulus.scene().captions(own.child(duplicate ? "duplicate" : "caption"), count);
  }

  private static void picture(Path folder, SimulatedStimulus stimulus, int pixels) {
    Path file = folder.resolve(stimulus.file());
    if (stimulus.copy() == Copy.ORIGINAL) {
      StimulusPng.write(file, stimulus.scene(), pixels);
      return;
    }
    try {
      // Without the texts of an original, so that only the pixels give the duplicate away.
      ImageIO.write(stimulus.scene().draw(pixels), "png", file.toFile());
    } catch (IOException e) {
      throw Bids.unwritable(file, e);
    }
  }
}
