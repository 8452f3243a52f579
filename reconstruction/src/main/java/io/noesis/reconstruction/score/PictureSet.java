package io.noesis.reconstruction.score;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * One picture per stimulus, made or shown.
 *
 * @param pictures all of one size
 * @param features what an image tower sees in each, {@code [n, dim]}
 * @param attributes the attributes of each as {@link
 *     io.noesis.ingest.simulate.stimulus.CaptionWords} names them: of made pictures what is read
 *     off them, of shown ones the true ones; empty where nothing reads them
 */
public record PictureSet(
    List<PixelImage> pictures, Tensor features, List<Map<String, String>> attributes) {
  /** Checks the counts. */
  public PictureSet {
    pictures = List.copyOf(pictures);
    attributes = attributes.stream().map(Map::copyOf).toList();
    Check.argument(
        attributes.isEmpty() || attributes.size() == pictures.size(),
        "attributes of %d pictures, expected of %d or of none",
        attributes.size(),
        pictures.size());
    Check.argument(!pictures.isEmpty(), "a set of pictures needs at least one");
    Check.size("rows of features, one per picture", pictures.size(), features.dim(0));
  }

  /**
   * Pictures whose attributes nothing reads.
   *
   * @param pictures all of one size
   * @param features what an image tower sees in each, {@code [n, dim]}
   */
  public PictureSet(List<PixelImage> pictures, Tensor features) {
    this(pictures, features, List.of());
  }

  /**
   * The same pictures with their attributes.
   *
   * @param read of each, see above
   * @return the set
   */
  public PictureSet withAttributes(List<Map<String, String>> read) {
    return new PictureSet(pictures, features, read);
  }

  /**
   * Pictures that no tower has seen; what needs one is not scored.
   *
   * @param pictures all of one size
   * @return the set
   */
  public static PictureSet withoutTower(List<PixelImage> pictures) {
    return new PictureSet(pictures, Tensor.zeros(pictures.size(), 1));
  }

  boolean hasFeatures() {
    return features.dim(1) > 1;
  }

  int width() {
    return pictures.get(0).width();
  }

  int height() {
    return pictures.get(0).height();
  }

  float[][] featureRows() {
    float[][] rows = new float[pictures.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = features.row(i);
    }
    return rows;
  }

  float[][] pixelRows() {
    float[][] rows = new float[pictures.size()][];
    for (int i = 0; i < rows.length; i++) {
      byte[] rgb = pictures.get(i).rgb();
      rows[i] = new float[rgb.length];
      for (int k = 0; k < rgb.length; k++) {
        rows[i][k] = (rgb[k] & 0xff) / 255f;
      }
    }
    return rows;
  }
}
