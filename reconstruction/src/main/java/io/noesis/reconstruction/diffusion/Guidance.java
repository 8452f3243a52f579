package io.noesis.reconstruction.diffusion;

import io.noesis.tensor.Tensor;

/** Puts the unconditional and the conditional half of a prediction together. */
final class Guidance {
  private Guidance() {}

  /** {@code u + g (c - u)} of a batch with the unconditional rows first. */
  static Tensor guided(Tensor both, SamplingPlan plan) {
    int rows = both.dim(0) / 2;
    int width = both.size() / both.dim(0);
    float[] in = both.array();
    float[] out = new float[rows * width];
    float guidance = (float) plan.guidance();
    for (int i = 0; i < out.length; i++) {
      float without = in[i];
      out[i] = without + guidance * (in[out.length + i] - without);
    }
    if (plan.rescale() > 0) {
      for (int row = 0; row < rows; row++) {
        double factor =
            deviation(in, out.length + row * width, width) / deviation(out, row * width, width);
        double mixed = plan.rescale() * factor + (1 - plan.rescale());
        for (int i = row * width; i < (row + 1) * width; i++) {
          out[i] = (float) (out[i] * mixed);
        }
      }
    }
    int[] sizes = both.shape().toArray();
    sizes[0] = rows;
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
