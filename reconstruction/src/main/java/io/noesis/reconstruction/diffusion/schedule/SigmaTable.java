package io.noesis.reconstruction.diffusion.schedule;

/**
 * The noise per unit of picture at every step of training, {@code sigma = sqrt((1 - abar) / abar)},
 * in float32; between steps by interpolation.
 */
final class SigmaTable {
  private final float[] sigmas;
  private final float[] logs;

  SigmaTable(NoiseCurve curve) {
    float[] cumulative = curve.cumulativeAboveZero();
    sigmas = new float[cumulative.length];
    logs = new float[cumulative.length];
    for (int i = 0; i < sigmas.length; i++) {
      sigmas[i] = (float) Math.sqrt((1 - cumulative[i]) / cumulative[i]);
      logs[i] = (float) Math.log(sigmas[i]);
    }
  }

  double smallest() {
    return sigmas[0];
  }

  double largest() {
    return sigmas[sigmas.length - 1];
  }

  /** Straight between the two steps around t, the ends beyond them. */
  double at(double t) {
    double place = Math.max(0, Math.min(sigmas.length - 1.0, t));
    int low = Math.min((int) place, sigmas.length - 2);
    return sigmas[low] + (place - low) * ((double) sigmas[low + 1] - sigmas[low]);
  }

  double[] at(double[] timesteps) {
    double[] out = new double[timesteps.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = at(timesteps[i]);
    }
    return out;
  }

  /** The fractional step of training that has this noise, straight in the logarithm. */
  double stepOf(double sigma) {
    double log = Math.log(Math.max(sigma, 1e-10));
    int low = 0;
    while (low < logs.length - 2 && log >= logs[low + 1]) {
      low++;
    }
    double weight = ((double) logs[low] - log) / ((double) logs[low] - logs[low + 1]);
    return low + Math.max(0, Math.min(1, weight));
  }

  double[] stepsOf(double[] levels) {
    double[] out = new double[levels.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = stepOf(levels[i]);
    }
    return out;
  }

  /** How many steps of training keep {@code ln(alpha / sigma)} at least there. */
  int stepsAbove(double logRatio) {
    int count = sigmas.length;
    while (count > 0 && -logs[count - 1] < logRatio) {
      count--;
    }
    return count;
  }

  /** The levels in float32 with the last one behind them. */
  static float[] closed(double[] levels, double last) {
    float[] out = new float[levels.length + 1];
    for (int i = 0; i < levels.length; i++) {
      out[i] = (float) levels[i];
    }
    out[levels.length] = (float) last;
    return out;
  }

  static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}
