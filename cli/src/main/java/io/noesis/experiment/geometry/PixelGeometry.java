package io.noesis.experiment.geometry;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.geometry.Rdm;
import io.noesis.run.Fingerprint;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/** {@code 1 - r} of the pixels of small pictures, the three colours one after another. */
final class PixelGeometry {
  private PixelGeometry() {}

  static ModelGeometry make(
      String name, PixelSettings settings, Conditions conditions, Progress progress) {
    int side = settings.side();
    int width = 3 * side * side;
    List<Path> files = conditions.pictures();
    float[] out = new float[Math.multiplyExact(files.size(), width)];
    progress.begin("reading pixels for " + name, files.size());
    Parallel.forBlocks(
        files.size(),
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            byte[] rgb = PixelImage.read(files.get(i)).resize(side, side, settings.filter()).rgb();
            for (int k = 0; k < width; k++) {
              out[i * width + k] = rgb[k] & 0xff;
            }
            progress.step(1);
          }
        });
    progress.done(files.size() + " pictures");
    return new ModelGeometry(
        Rdm.ofPatterns(name, conditions.ids(), Tensor.wrap(out, files.size(), width)),
        String.format("the pixels of each picture at %d x %d, 1 - r", side, side),
        Fingerprint.ofText(settings + conditions.picturesFingerprint()));
  }
}
