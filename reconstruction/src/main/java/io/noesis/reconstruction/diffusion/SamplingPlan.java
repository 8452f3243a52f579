package io.noesis.reconstruction.diffusion;

import io.noesis.run.Check;
import java.util.Map;

/**
 * How a picture is sampled.
 *
 * @param steps steps of a whole run
 * @param guidance how far the prediction is pushed from the unconditional one, {@code u + g (c -
 *     u)} (Ho and Salimans 2022, arXiv:2207.12598); 1 or less runs without the unconditional half
 * @param rescale how much of the guided prediction's standard deviation is brought back to that of
 *     the conditional one, 0 to 1 (Lin et al. 2023, arXiv:2305.08891, section 3.4)
 * @param strength 1 starts from noise; less starts from a picture with so much of the noise
 * @param settings further numbers by the name that the kind of model gives them: {@code
 *     noise-level}, {@code mix}, {@code image-scale}, {@code control-scale}; the kind's own where
 *     absent
 */
public record SamplingPlan(
    int steps, double guidance, double rescale, double strength, Map<String, Double> settings) {
  /** Checks the numbers. */
  public SamplingPlan {
    settings = Map.copyOf(settings);
    Check.argument(steps > 0, "steps must be at least 1, found %d", steps);
    Check.argument(Double.isFinite(guidance), "guidance must be finite, found %s", guidance);
    Check.argument(
        rescale >= 0 && rescale <= 1, "rescale must lie within 0 and 1, found %s", rescale);
    Check.argument(
        strength > 0 && strength <= 1, "strength must lie within 0 and 1, found %s", strength);
  }

  /**
   * A run from noise.
   *
   * @param steps how many
   * @param guidance how strong
   * @return the plan
   */
  public static SamplingPlan of(int steps, double guidance) {
    return new SamplingPlan(steps, guidance, 0, 1);
  }

  /**
   * A plan without further settings.
   *
   * @param steps how many
   * @param guidance how strong
   * @param rescale as above
   * @param strength as above
   */
  public SamplingPlan(int steps, double guidance, double rescale, double strength) {
    this(steps, guidance, rescale, strength, Map.of());
  }

  /**
   * The same with further settings.
   *
   * @param more by name
   * @return the plan
   */
  public SamplingPlan with(Map<String, Double> more) {
    return new SamplingPlan(steps, guidance, rescale, strength, more);
  }

  /**
   * The same from the middle.
   *
   * @param share the strength
   * @return the plan
   */
  public SamplingPlan withStrength(double share) {
    return new SamplingPlan(steps, guidance, rescale, share, settings);
  }

  double setting(String name, double otherwise) {
    return settings.getOrDefault(name, otherwise);
  }

  boolean isGuided() {
    return guidance > 1;
  }
}
