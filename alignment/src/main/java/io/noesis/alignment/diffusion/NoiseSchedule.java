package io.noesis.alignment.diffusion;

import io.noesis.run.Check;

/**
 * How much signal is left after each step of diffusion: x_t = √ā_t·x₀ + √(1 − ā_t)·ε for t from 0
 * to steps − 1.
 *
 * @param steps how many, T
 * @param shape of ā
 */
public record NoiseSchedule(int steps, Shape shape) {
  /** How ā falls. */
  public enum Shape {
    /**
     * ā_t = f(t + 1)/f(0) with f(t) = cos²(π/2·(t/T + 0.008)/1.008), β at most 0.999 (Nichol and
     * Dhariwal 2021, arXiv:2102.09672).
     */
    COSINE,
    /** β from 0.0001 to 0.02 in equal distances (Ho et al. 2020, arXiv:2006.11239). */
    LINEAR
  }

  /** Checks the steps. */
  public NoiseSchedule {
    Check.argument(steps >= 2, "steps of diffusion: expected at least 2, found %d", steps);
  }

  /** β_t of every step. */
  public double[] betas() {
    double[] betas = new double[steps];
    for (int t = 0; t < steps; t++) {
      betas[t] =
          shape == Shape.COSINE
              ? Math.min(0.999, 1 - cosine(t + 1) / cosine(t))
              : 1e-4 + (0.02 - 1e-4) * t / (steps - 1.0);
    }
    return betas;
  }

  private double cosine(int t) {
    double c = Math.cos(Math.PI / 2 * (t / (double) steps + 0.008) / 1.008);
    return c * c;
  }

  /** ā_t of every step: the product of 1 − β up to it. */
  public double[] signal() {
    double[] signal = betas();
    double product = 1;
    for (int t = 0; t < steps; t++) {
      product *= 1 - signal[t];
      signal[t] = product;
    }
    return signal;
  }
}
