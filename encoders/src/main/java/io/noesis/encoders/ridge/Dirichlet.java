package io.noesis.encoders.ridge;

import io.noesis.run.PinnedRandom;

/** Draws from a symmetric Dirichlet distribution: gamma draws divided by their sum. */
final class Dirichlet {
  private Dirichlet() {}

  /** Numbers at or above 0 that sum to 1. */
  static double[] draw(PinnedRandom random, double concentration, int count) {
    double[] logs = new double[count];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      logs[i] = logGamma(random, concentration);
      largest = Math.max(largest, logs[i]);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      logs[i] = StrictMath.exp(logs[i] - largest);
      sum += logs[i];
    }
    for (int i = 0; i < count; i++) {
      logs[i] /= sum;
    }
    return logs;
  }

  /**
   * The logarithm of a gamma draw of that shape (Marsaglia and Tsang 2000,
   * doi:10.1145/358407.358414; below shape 1 by their own correction U^(1/shape)): draws of a small
   * shape would underflow.
   */
  private static double logGamma(PinnedRandom random, double shape) {
    if (shape < 1) {
      double uniform = 1 - random.nextDouble(); // In (0, 1].
      return logGamma(random, shape + 1) + StrictMath.log(uniform) / shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double normal = random.nextGaussian();
      double v = 1 + c * normal;
      if (v <= 0) {
        continue;
      }
      v = v * v * v;
      double uniform = 1 - random.nextDouble();
      if (StrictMath.log(uniform) < 0.5 * normal * normal + d - d * v + d * StrictMath.log(v)) {
        return StrictMath.log(d) + StrictMath.log(v);
      }
    }
  }
}
