package io.noesis.alignment.diffusion;

import io.noesis.run.Check;

/**
 * The settings of a prior.
 *
 * @param schedule of the noise
 * @param predicts what the network finds
 * @param denoiser the network
 * @param dropCondition the part of training rows that are shown without their condition, so that
 *     the network also learns embeddings as such
 */
public record PriorSpec(
    NoiseSchedule schedule, Predicts predicts, Denoiser denoiser, double dropCondition) {
  /** Checks the part. */
  public PriorSpec {
    Check.argument(
        dropCondition >= 0 && dropCondition < 1,
        "the part of rows without condition: expected 0 to below 1, found %s",
        dropCondition);
  }

  /** The prior of MindEye: 100 steps, cosine, x₀, a fifth without condition. */
  public static PriorSpec mindEye() {
    return new PriorSpec(
        new NoiseSchedule(100, NoiseSchedule.Shape.COSINE),
        Predicts.EMBEDDING,
        TokenDenoiser.defaults(),
        0.2);
  }

  /** The prior of ATM: 1000 steps, linear β, ε, a tenth without condition. */
  public static PriorSpec atm() {
    return new PriorSpec(
        new NoiseSchedule(1000, NoiseSchedule.Shape.LINEAR),
        Predicts.NOISE,
        VectorDenoiser.defaults(),
        0.1);
  }
}
