package io.noesis.ingest.glm;

/**
 * How betas are estimated from a design.
 *
 * @param model how neighbouring trials are told apart
 * @param noise what is assumed about the noise
 * @param unit the unit of the betas
 */
public record BetaSpec(TrialModel model, NoiseModel noise, BetaUnit unit) {
  /** Least squares all, ordinary, in scanner units. */
  public static final BetaSpec DEFAULT =
      new BetaSpec(TrialModel.LEAST_SQUARES_ALL, NoiseModel.ORDINARY, BetaUnit.SCANNER);

  /** The same with another trial model. */
  public BetaSpec withModel(TrialModel other) {
    return new BetaSpec(other, noise, unit);
  }

  /** The same with another noise model. */
  public BetaSpec withNoise(NoiseModel other) {
    return new BetaSpec(model, other, unit);
  }

  /** The same with another unit. */
  public BetaSpec withUnit(BetaUnit other) {
    return new BetaSpec(model, noise, other);
  }
}
