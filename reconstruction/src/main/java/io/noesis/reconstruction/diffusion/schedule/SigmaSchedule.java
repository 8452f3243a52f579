package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.tensor.Tensor;

/**
 * What the samplers share that work on {@code x = clean + sigma noise} and show the network {@code
 * x / sqrt(sigma^2 + 1)} (Karras et al. 2022, arXiv:2206.00364).
 */
abstract class SigmaSchedule implements Schedule {
  private final float[] timesteps;
  private final float[] sigmas;
  private final int begin;
  private final double initialNoise;

  /** {@code sigmas} has one more than there are calls: what the last one ends with. */
  SigmaSchedule(float[] timesteps, float[] sigmas, int begin, double initialNoise) {
    this.timesteps = timesteps;
    this.sigmas = sigmas;
    this.begin = begin;
    this.initialNoise = initialNoise;
  }

  /** Runs that visit the noisiest step start with its noise, others with noise and picture. */
  static double initialNoise(Spacing spacing, float[] sigmas) {
    double largest = sigmas[0];
    for (float sigma : sigmas) {
      largest = Math.max(largest, sigma);
    }
    return spacing == Spacing.LEADING ? Math.sqrt(largest * largest + 1) : largest;
  }

  @Override
  public final int calls() {
    return timesteps.length;
  }

  @Override
  public final int begin() {
    return begin;
  }

  @Override
  public final float timestep(int call) {
    return timesteps[call];
  }

  @Override
  public final double initialNoise() {
    return initialNoise;
  }

  @Override
  public Tensor modelInput(SamplerState state) {
    double sigma = sigma(state.call());
    double scale = 1 / Math.sqrt(sigma * sigma + 1);
    return state.sample().map(v -> v * scale);
  }

  @Override
  public Tensor noised(Tensor clean, Tensor noise) {
    return Sum.of(1, clean, sigma(begin), noise);
  }

  final double sigma(int call) {
    return sigmas[call];
  }
}
