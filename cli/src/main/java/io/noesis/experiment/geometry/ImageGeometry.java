package io.noesis.experiment.geometry;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.ImageEncoder;
import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.geometry.Rdm;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import java.nio.file.Path;
import java.util.List;

/** {@code 1 - r} of an image model's outputs. */
final class ImageGeometry {
  private ImageGeometry() {}

  static ModelGeometry make(
      String name, ImageSettings settings, Conditions conditions, Progress progress) {
    ImageTower tower =
        new ImageTower(
            name,
            conditions.root().resolve(settings.model()).normalize(),
            settings.output(),
            settings.preprocess(),
            EmbeddingSpace.Scaling.RAW);
    List<Path> files = conditions.pictures();
    try (ImageEncoder encoder = ImageEncoder.open(tower)) {
      Embeddings found =
          encoder.encode(conditions.ids(), i -> PixelImage.read(files.get(i)), progress);
      return new ModelGeometry(
          Rdm.ofPatterns(name, conditions.ids(), found.values()),
          String.format(
              "output '%s' (%d numbers) of %s for each picture at %d x %d, 1 - r",
              settings.output(),
              encoder.space().dim(),
              settings.model().getFileName(),
              settings.preprocess().size(),
              settings.preprocess().size()),
          Fingerprint.ofText(encoder.fingerprint() + conditions.picturesFingerprint()));
    }
  }
}
