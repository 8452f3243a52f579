package io.noesis.experiment;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.ImageEncoder;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.reconstruction.embedded.EmbeddedTowers;
import io.noesis.run.Progress;
import java.util.List;
import java.util.function.IntFunction;

/** Sees pictures as vectors, to compare made with shown ones. The caller closes it. */
interface PictureTower extends AutoCloseable {
  /** Its name in protocols. */
  String name();

  /** One vector per picture. */
  Embeddings encode(List<String> ids, IntFunction<PixelImage> pictures);

  @Override
  void close();

  /** Any image model. */
  static PictureTower of(ImageEncoder encoder) {
    return new PictureTower() {
      @Override
      public String name() {
        return encoder.space().model() + " " + encoder.space().layer();
      }

      @Override
      public Embeddings encode(List<String> ids, IntFunction<PixelImage> pictures) {
        return encoder.encode(ids, pictures, Progress.NONE);
      }

      @Override
      public void close() {
        encoder.close();
      }
    };
  }

  /** The one that ships with Noesis. */
  static PictureTower of(EmbeddedTowers towers) {
    return new PictureTower() {
      @Override
      public String name() {
        return towers.space().model() + " " + towers.space().layer();
      }

      @Override
      public Embeddings encode(List<String> ids, IntFunction<PixelImage> pictures) {
        return towers.pictures(ids, pictures, Progress.NONE);
      }

      @Override
      public void close() {
        towers.close();
      }
    };
  }
}
