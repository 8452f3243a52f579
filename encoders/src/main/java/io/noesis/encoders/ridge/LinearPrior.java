package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;

/**
 * A linear decoder that others have taught, which one's own may be near.
 *
 * @param weights W {@code [inputs, dim]}
 * @param constants b {@code [dim]}
 */
public record LinearPrior(Tensor weights, Tensor constants) {
  /** Checks that both have the same targets. */
  public LinearPrior {
    Check.size("constants of a linear decoder", weights.dim(1), constants.size());
  }

  /**
   * The mean of several decoders.
   *
   * @param weights {@code [decoders, inputs, dim]}
   * @param constants {@code [decoders, dim]}
   * @return the decoder that decodes the mean of what they decode
   */
  public static LinearPrior mean(Tensor weights, Tensor constants) {
    Tensor w = mean(weights);
    return new LinearPrior(w.reshape(weights.dim(1), weights.dim(2)), mean(constants));
  }

  private static Tensor mean(Tensor of) {
    int count = of.dim(0);
    int size = of.size() / count;
    float[] out = new float[size];
    for (int i = 0; i < size; i++) {
      double sum = 0;
      for (int k = 0; k < count; k++) {
        sum += of.array()[k * size + i];
      }
      out[i] = (float) (sum / count);
    }
    return Tensor.wrap(out, size);
  }

  /**
   * What it decodes.
   *
   * @param x {@code [rows, inputs]}
   * @return {@code [rows, dim]}
   */
  public Tensor predict(Tensor x) {
    int dim = constants.size();
    int in = weights.dim(0);
    Check.size("inputs of a linear decoder", in, x.dim(1));
    Tensor out = Tensor.zeros(x.dim(0), dim);
    double[] sum = new double[dim];
    for (int r = 0; r < x.dim(0); r++) {
      for (int d = 0; d < dim; d++) {
        sum[d] = constants.array()[d];
      }
      for (int c = 0; c < in; c++) {
        double value = x.array()[r * in + c];
        for (int d = 0; d < dim; d++) {
          sum[d] += value * weights.array()[c * dim + d];
        }
      }
      for (int d = 0; d < dim; d++) {
        out.array()[r * dim + d] = (float) sum[d];
      }
    }
    return out;
  }
}
