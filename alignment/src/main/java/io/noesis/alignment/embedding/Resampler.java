package io.noesis.alignment.embedding;

import io.noesis.run.Check;

/**
 * Changes the size of 8-bit pictures bit for bit as Pillow 11 does: per output position a
 * normalised kernel whose width grows with the reduction, weights rounded to 22 fractional bits,
 * first along the rows and then along the columns with rounding to 8 bits in between.
 */
final class Resampler {
  private static final int FRACTION_BITS = 22;
  private static final int HALF = 1 << (FRACTION_BITS - 1);

  private Resampler() {}

  /** The weights of all output positions along one axis; {@code weights[i]} starts at first[i]. */
  @SuppressWarnings("ArrayRecordComponent") // Private to this class and compared by nobody.
  private record Kernel(int[] first, int[][] weights) {}

  static PixelImage resize(PixelImage image, int width, int height, ResizeFilter filter) {
    Check.argument(
        width > 0 && height > 0,
        "a picture needs at least one pixel, asked for %dx%d",
        width,
        height);
    PixelImage wide = image;
    if (width != image.width()) {
      wide = alongRows(image, kernel(image.width(), width, filter));
    }
    return height == image.height()
        ? wide
        : alongColumns(wide, kernel(image.height(), height, filter));
  }

  private static Kernel kernel(int from, int to, ResizeFilter filter) {
    double scale = (double) from / to;
    double stretch = Math.max(1, scale);
    double reach = filter.radius() * stretch;
    int[] first = new int[to];
    int[][] weights = new int[to][];
    for (int i = 0; i < to; i++) {
      double centre = (i + 0.5) * scale;
      first[i] = Math.max(0, (int) (centre - reach + 0.5));
      int end = Math.min(from, (int) (centre + reach + 0.5));
      weights[i] = weights(centre - first[i], end - first[i], stretch, filter);
    }
    return new Kernel(first, weights);
  }

  private static int[] weights(double centre, int count, double stretch, ResizeFilter filter) {
    double[] exact = new double[count];
    double sum = 0;
    for (int j = 0; j < count; j++) {
      exact[j] = filter.at((j - centre + 0.5) * (1 / stretch));
      sum += exact[j];
    }
    int[] fixed = new int[count];
    for (int j = 0; j < count; j++) {
      double weight = sum == 0 ? 0 : exact[j] * (1 / sum);
      fixed[j] = (int) (weight * (1 << FRACTION_BITS) + (weight < 0 ? -0.5 : 0.5));
    }
    return fixed;
  }

  private static PixelImage alongRows(PixelImage image, Kernel kernel) {
    int width = kernel.first().length;
    byte[] in = image.rgb();
    byte[] out = new byte[Math.multiplyExact(3 * width, image.height())];
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++) {
        int start = 3 * (y * image.width() + kernel.first()[x]);
        for (int c = 0; c < 3; c++) {
          out[3 * (y * width + x) + c] = weighted(in, start + c, 3, kernel.weights()[x]);
        }
      }
    }
    return PixelImage.wrap(width, image.height(), out);
  }

  private static PixelImage alongColumns(PixelImage image, Kernel kernel) {
    int height = kernel.first().length;
    int stride = 3 * image.width();
    byte[] in = image.rgb();
    byte[] out = new byte[Math.multiplyExact(stride, height)];
    for (int y = 0; y < height; y++) {
      int start = stride * kernel.first()[y];
      for (int i = 0; i < stride; i++) {
        out[y * stride + i] = weighted(in, start + i, stride, kernel.weights()[y]);
      }
    }
    return PixelImage.wrap(image.width(), height, out);
  }

  private static byte weighted(byte[] in, int start, int step, int[] weights) {
    int sum = HALF;
    for (int j = 0; j < weights.length; j++) {
      sum += (in[start + j * step] & 0xff) * weights[j];
    }
    return (byte) Math.max(0, Math.min(255, sum >> FRACTION_BITS));
  }
}
