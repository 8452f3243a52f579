package io.noesis.reconstruction.score;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.run.Check;

/**
 * Structural similarity (Wang et al. 2004, doi:10.1109/TIP.2003.819861) of the grey values {@code
 * 0.2125 R + 0.7154 G + 0.0721 B} in 0 to 1: Gaussian weights of sigma 1.5 over 11 pixels, borders
 * mirrored with the edge repeated, population covariance, {@code K1 = 0.01}, {@code K2 = 0.03},
 * mean over all but 5 pixels of the border. As scikit-image has it since 0.20 with {@code
 * gaussian_weights=True, use_sample_covariance=False, data_range=1}. One of these holds what is
 * needed of one picture.
 */
final class Ssim {
  /** The smallest side: below it nothing is left of the picture inside the border. */
  static final int SMALLEST_SIDE = 11;

  private static final int RADIUS = 5;
  private static final double SIGMA = 1.5;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;
  private static final double[] WEIGHTS = weights();

  private final int width;
  private final int height;
  private final double[] grey;
  private final double[] mean;
  private final double[] square;

  private Ssim(int width, int height, double[] grey) {
    this.width = width;
    this.height = height;
    this.grey = grey;
    this.mean = blurred(grey);
    this.square = blurred(times(grey, grey));
  }

  static Ssim of(PixelImage picture) {
    Check.argument(
        Math.min(picture.width(), picture.height()) >= SMALLEST_SIDE,
        "structural similarity needs pictures of at least %d pixels a side, found %s",
        SMALLEST_SIDE,
        picture);
    byte[] rgb = picture.rgb();
    double[] grey = new double[rgb.length / 3];
    for (int i = 0; i < grey.length; i++) {
      grey[i] =
          (0.2125 * (rgb[3 * i] & 0xff)
                  + 0.7154 * (rgb[3 * i + 1] & 0xff)
                  + 0.0721 * (rgb[3 * i + 2] & 0xff))
              / 255;
    }
    return new Ssim(picture.width(), picture.height(), grey);
  }

  double with(Ssim other) {
    Check.argument(
        width == other.width && height == other.height,
        "structural similarity needs two pictures of one size, found %dx%d and %dx%d",
        width,
        height,
        other.width,
        other.height);
    double[] product = blurred(times(grey, other.grey));
    double sum = 0;
    for (int y = RADIUS; y < height - RADIUS; y++) {
      for (int x = RADIUS; x < width - RADIUS; x++) {
        sum += at(y * width + x, other, product);
      }
    }
    return sum / ((height - 2.0 * RADIUS) * (width - 2.0 * RADIUS));
  }

  private double at(int i, Ssim other, double[] product) {
    double ux = mean[i];
    double uy = other.mean[i];
    double vx = square[i] - ux * ux;
    double vy = other.square[i] - uy * uy;
    double vxy = product[i] - ux * uy;
    return (2 * ux * uy + C1) * (2 * vxy + C2) / ((ux * ux + uy * uy + C1) * (vx + vy + C2));
  }

  private double[] blurred(double[] in) {
    double[] rows = new double[in.length];
    double[] out = new double[in.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int k = -RADIUS; k <= RADIUS; k++) {
          sum += WEIGHTS[k + RADIUS] * in[mirrored(y + k, height) * width + x];
        }
        rows[y * width + x] = sum;
      }
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int k = -RADIUS; k <= RADIUS; k++) {
          sum += WEIGHTS[k + RADIUS] * rows[y * width + mirrored(x + k, width)];
        }
        out[y * width + x] = sum;
      }
    }
    return out;
  }

  private static int mirrored(int i, int size) {
    return i < 0 ? -i - 1 : i >= size ? 2 * size - 1 - i : i;
  }

  private static double[] times(double[] a, double[] b) {
    double[] out = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      out[i] = a[i] * b[i];
    }
    return out;
  }

  private static double[] weights() {
    double[] weights = new double[2 * RADIUS + 1];
    double sum = 0;
    for (int k = -RADIUS; k <= RADIUS; k++) {
      weights[k + RADIUS] = Math.exp(-k * k / (2 * SIGMA * SIGMA));
      sum += weights[k + RADIUS];
    }
    for (int k = 0; k < weights.length; k++) {
      weights[k] /= sum;
    }
    return weights;
  }
}
