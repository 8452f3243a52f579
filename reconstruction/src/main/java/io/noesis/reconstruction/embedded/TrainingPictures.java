package io.noesis.reconstruction.embedded;

import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.ingest.simulate.stimulus.Scene;
import io.noesis.run.AtomicFile;
import io.noesis.run.Check;
import io.noesis.run.Parallel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what the embedded models are trained on: pictures as the towers see them in use, that is
 * drawn as studies draw them and then brought to {@value #SIDE} pixels by {@link ImagePreprocess},
 * and their captions.
 */
public final class TrainingPictures {
  /** Side of a picture as the models take it, in pixels. */
  public static final int SIDE = 64;

  private static final int WORDINGS = 6;
  private static final int BLOCK = 256;
  private static final int[] DRAWN = {128, 128, 64, 128, 128, 256, 128, 96};

  private TrainingPictures() {}

  /**
   * Writes {@code NAME.rgb} (bytes {@code [scenes, 64, 64, 3]}) and {@code NAME.tsv} (id and
   * wordings of the caption, one scene per line) for each of {@code train, unseen, heldout}.
   *
   * @param arguments the folder to write to, which must exist
   */
  public static void main(String[] arguments) {
    Check.argument(arguments.length == 1, "expected one argument, the folder to write to");
    Path folder = Path.of(arguments[0]);
    TrainingScenes scenes = TrainingScenes.shipped();
    write(folder, "unseen", scenes.unseen());
    write(folder, "heldout", scenes.heldOut());
    write(folder, "train", scenes.train());
  }

  /**
   * A picture as the models take it.
   *
   * @param scene what it shows
   * @param pixels side at which it is drawn
   * @return {@value #SIDE} by {@value #SIDE} pixels
   */
  static PixelImage picture(Scene scene, int pixels) {
    return ImagePreprocess.clip(SIDE).square(PixelImage.of(scene.draw(pixels)));
  }

  static void write(Path folder, String name, List<Scene> scenes) {
    AtomicFile.write(folder.resolve(name + ".tsv"), out -> captions(scenes, out));
    AtomicFile.write(folder.resolve(name + ".rgb"), out -> pictures(scenes, out));
  }

  private static void captions(List<Scene> scenes, OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Scene scene : scenes) {
      List<String> row = new ArrayList<>(List.of(scene.id()));
      for (int wording = 0; wording < WORDINGS; wording++) {
        row.add(scene.caption(scene.seed().child("wording-" + wording)));
      }
      text.append(String.join("\t", row)).append('\n');
    }
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void pictures(List<Scene> scenes, OutputStream out) throws IOException {
    for (int start = 0; start < scenes.size(); start += BLOCK) {
      int first = start;
      byte[][] block = new byte[Math.min(BLOCK, scenes.size() - start)][];
      Parallel.forBlocks(
          block.length,
          16,
          (from, to) -> {
            for (int k = from; k < to; k++) {
              int pixels = DRAWN[(first + k) % DRAWN.length];
              block[k] = picture(scenes.get(first + k), pixels).rgb();
            }
          });
      for (byte[] picture : block) {
        out.write(picture);
      }
    }
  }
}
