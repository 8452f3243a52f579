package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.SimulatedStimulus.Copy;
import io.noesis.ingest.simulate.stimulus.Scene;
import io.noesis.ingest.simulate.stimulus.StimulusPng;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
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
   * @param pixels side of a picture
   * @param progress hears of each
   */
  static void write(Path folder, List<SimulatedStimulus> stimuli, int pixels, Progress progress) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "id",
            "file",
            "caption",
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
          List.of(
              stimulus.id(),
              stimulus.file(),
              caption(stimulus),
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
            picture(folder, stimuli.get(k), pixels);
            progress.step(1);
          }
        });
    progress.done(stimuli.size() + " pictures");
  }

  private static String caption(SimulatedStimulus stimulus) {
    return stimulus.copy() == Copy.DUPLICATE
        ? stimulus.scene().caption(stimulus.scene().seed().child("duplicate"))
        : stimulus.scene().caption();
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
