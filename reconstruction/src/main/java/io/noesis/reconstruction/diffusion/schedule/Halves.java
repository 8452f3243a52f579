package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;

/** The two halves of the channels of a network that also predicts the variance. */
final class Halves {
  private Halves() {}

  /** The prediction. */
  static Tensor first(Tensor sample, Tensor output) {
    return half(sample, output, 0);
  }

  /** What it says of the variance. */
  static Tensor second(Tensor sample, Tensor output) {
    return half(sample, output, 1);
  }

  private static Tensor half(Tensor sample, Tensor output, int which) {
    Check.argument(
        output.size() == 2 * sample.size() && output.dim(1) == 2 * sample.dim(1),
        "a network that predicts the variance gives twice the channels of its input %s, found %s",
        sample.shape(),
        output.shape());
    int rows = sample.dim(0);
    int width = sample.size() / rows;
    float[] out = new float[sample.size()];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(output.array(), (2 * row + which) * width, out, row * width, width);
    }
    return Tensor.wrap(out, sample.shape().toArray());
  }
}
