package io.noesis.reconstruction.score;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * One picture per stimulus, made or shown.
 *
 * @param pictures all of one size
 * @param features what an image tower sees in each, {@code [n, dim]}
 */
public record PictureSet(List<PixelImage> pictures, Tensor features) {
  /** Checks the counts. */
  public PictureSet {
    pictures = List.copyOf(pictures);
    Check.argument(!pictures.isEmpty(), "a set of pictures needs at least one");
    Check.size("rows of features, one per picture", pictures.size(), features.dim(0));
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
