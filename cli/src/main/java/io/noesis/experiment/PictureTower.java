package io.noesis.experiment;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.ImageEncoder;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.reconstruction.embedded.EmbeddedTowers;
import io.noesis.run.Progress;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Sees pictures as vectors, to compare made with shown ones. The caller closes it. */
interface PictureTower extends AutoCloseable {
  /** Its name in protocols. */
  String name();

  /** One vector per picture. */
  Embeddings encode(List<String> ids, IntFunction<PixelImage> pictures);

  /**
   * The attributes of drawn scenes that it reads off what it saw.
   *
   * @param seen what it made of pictures
   * @return one map per row, as {@link io.noesis.ingest.simulate.stimulus.CaptionWords} names them;
   *     empty when it reads none
   */
  default List<Map<String, String>> attributes(Embeddings seen) {
    return List.of();
  }

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
      public List<Map<String, String>> attributes(Embeddings seen) {
        return towers.attributes(seen.values());
      }

      @Override
      public void close() {
        towers.close();
      }
    };
  }
}
