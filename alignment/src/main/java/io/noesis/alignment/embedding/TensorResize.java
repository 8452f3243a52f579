package io.noesis.alignment.embedding;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;

/**
 * Resizing of float pictures as {@code torch.nn.functional.interpolate} does it without antialias
 * and with {@code align_corners=False}: pixel centres at halves, two or four neighbours whatever
 * the factor, edges repeated. What several published decoders fed their image towers with while
 * training; {@link PixelImage#resize} is the other way, Pillow's.
 */
public enum TensorResize {
  /** Straight between two neighbours. */
  BILINEAR(2) {
    @Override
    float[] weights(float t) {
      return new float[] {1 - t, t};
    }
  },
  /** Cubic convolution of four neighbours with a = -0.75. */
  BICUBIC(4) {
    @Override
    float[] weights(float t) {
      return new float[] {outer(t + 1), inner(t), inner(1 - t), outer(2 - t)};
    }
  };

  private static final float A = -0.75f;

  private final int taps;

  TensorResize(int taps) {
    this.taps = taps;
  }

  private static float inner(float x) {
    return ((A + 2) * x - (A + 3)) * x * x + 1;
  }

  private static float outer(float x) {
    return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  }

  abstract float[] weights(float t);

  /**
   * Pictures at another size.
   *
   * @param pictures {@code [batch, channels, height, width]}
   * @param height rows of the result
   * @param width columns of the result
   * @return a new tensor {@code [batch, channels, height, width]}
   */
  public Tensor apply(Tensor pictures, int height, int width) {
    Check.argument(
        pictures.shape().rank() == 4 && height > 0 && width > 0,
        "resizing needs pictures [batch, channels, height, width] and a size above 0, found %s to"
            + " %dx%d",
        pictures.shape(),
        height,
        width);
    int fromHeight = pictures.dim(2);
    int fromWidth = pictures.dim(3);
    int planes = pictures.dim(0) * pictures.dim(1);
    int[][] rows = places(fromHeight, height);
    int[][] columns = places(fromWidth, width);
    float[][] down = shares(fromHeight, height);
    float[][] along = shares(fromWidth, width);
    float[] in = pictures.array();
    float[] out = new float[Math.multiplyExact(planes, Math.multiplyExact(height, width))];
    for (int plane = 0; plane < planes; plane++) {
      int start = plane * fromHeight * fromWidth;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          float sum = 0;
          for (int i = 0; i < taps; i++) {
            int line = start + rows[y][i] * fromWidth;
            float part = 0;
            for (int j = 0; j < taps; j++) {
              part += along[x][j] * in[line + columns[x][j]];
            }
            sum += down[y][i] * part;
          }
          out[(plane * height + y) * width + x] = sum;
        }
      }
    }
    return Tensor.wrap(out, pictures.dim(0), pictures.dim(1), height, width);
  }

  /** Where a pixel of the result lies in the source. */
  private float centre(int from, int to, int i) {
    // One rounding, as the fused instruction of PyTorch's kernels has it.
    float place = Math.fma(i + 0.5f, (float) from / to, -0.5f);
    return this == BILINEAR ? Math.max(0, place) : place;
  }

  private int[][] places(int from, int to) {
    int[][] out = new int[to][taps];
    for (int i = 0; i < to; i++) {
      int first = (int) Math.floor(centre(from, to, i)) - (taps / 2 - 1);
      for (int j = 0; j < taps; j++) {
        out[i][j] = Math.max(0, Math.min(from - 1, first + j));
      }
    }
    return out;
  }

  private float[][] shares(int from, int to) {
    float[][] out = new float[to][];
    for (int i = 0; i < to; i++) {
      float place = centre(from, to, i);
      out[i] = weights(place - (float) Math.floor(place));
    }
    return out;
  }
}
