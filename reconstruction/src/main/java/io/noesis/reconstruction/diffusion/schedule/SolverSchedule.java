package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.tensor.Tensor;

/**
 * What the multistep solvers share: {@code x = alpha clean + sigma noise} with {@code alpha = 1 /
 * sqrt(s^2 + 1)}, {@code sigma = s alpha}, and steps in {@code lambda = ln(alpha / sigma) = -ln s}
 * (Lu et al. 2022, arXiv:2206.00927).
 */
abstract class SolverSchedule implements Schedule {
  private final SolverSettings settings;
  private final float[] timesteps;
  private final float[] sigmas;
  private final int begin;

  SolverSchedule(SolverSettings settings, double[] timesteps, float[] sigmas, int begin) {
    this.settings = settings;
    this.timesteps = new float[timesteps.length];
    for (int i = 0; i < timesteps.length; i++) {
      this.timesteps[i] = (float) (long) timesteps[i];
    }
    this.sigmas = sigmas;
    this.begin = begin;
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
    return 1;
  }

  @Override
  public final Tensor modelInput(SamplerState state) {
    return state.sample();
  }

  @Override
  public final Tensor noised(Tensor clean, Tensor noise) {
    return Sum.of(alpha(begin), clean, sigma(begin), noise);
  }

  final SolverSettings settings() {
    return settings;
  }

  final double alpha(int call) {
    return 1 / Math.sqrt((double) sigmas[call] * sigmas[call] + 1);
  }

  final double sigma(int call) {
    return sigmas[call] * alpha(call);
  }

  /** Infinite where no noise is left. */
  final double lambda(int call) {
    return -Math.log(sigmas[call]);
  }

  /** The clean sample that the network sees in the input of that call. */
  final Tensor clean(int call, Tensor sample, Tensor output) {
    return settings
        .common()
        .prediction()
        .clean(alpha(call), sigma(call))
        .of(sample, AlphaSchedule.checked(sample, output));
  }
}
