package io.noesis.reconstruction.diffusion;

import io.noesis.tensor.Tensor;
import java.util.Arrays;

/** Puts the unconditional and the conditional half of a prediction together. */
final class Guidance {
  private Guidance() {}

  /**
   * {@code u + g (c - u)} of a batch with the unconditional rows first.
   *
   * @param both {@code [2 rows, channels, ...]}
   * @param channels how many are guided; further ones, a predicted variance, stay the conditional
   */
  static Tensor guided(Tensor both, int channels, SamplingPlan plan) {
    int rows = both.dim(0) / 2;
    int width = both.size() / both.dim(0);
    int part = width / both.dim(1) * channels;
    float[] in = both.array();
    float[] out = Arrays.copyOfRange(in, rows * width, in.length);
    float guidance = (float) plan.guidance();
    for (int row = 0; row < rows; row++) {
      for (int i = row * width; i < row * width + part; i++) {
        float without = in[i];
        out[i] = without + guidance * (in[out.length + i] - without);
      }
    }
    if (plan.rescale() > 0) {
      for (int row = 0; row < rows; row++) {
        double factor =
            deviation(in, out.length + row * width, part) / deviation(out, row * width, part);
        double mixed = plan.rescale() * factor + (1 - plan.rescale());
        for (int i = row * width; i < row * width + part; i++) {
          out[i] = (float) (out[i] * mixed);
        }
      }
    }
    int[] sizes = both.shape().toArray();
    sizes[0] = rows;
    return Tensor.wrap(out, sizes);
  }

  /** The first channels of every row. */
  static Tensor first(Tensor all, int channels) {
    if (all.dim(1) == channels) {
      return all;
    }
    int width = all.size() / all.dim(0);
    int part = width / all.dim(1) * channels;
    int[] sizes = all.shape().toArray();
    sizes[1] = channels;
    float[] out = new float[all.dim(0) * part];
    for (int row = 0; row < all.dim(0); row++) {
      System.arraycopy(all.array(), row * width, out, row * part, part);
    }
    return Tensor.wrap(out, sizes);
  }

  private static double deviation(float[] values, int from, int count) {
    double mean = 0;
    for (int i = from; i < from + count; i++) {
      mean += values[i] / (double) count;
    }
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (values[i] - mean) * (values[i] - mean);
    }
    return Math.sqrt(sum / (count - 1));
  }
}
