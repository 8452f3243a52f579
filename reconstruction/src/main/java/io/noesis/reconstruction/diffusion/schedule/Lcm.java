package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Optional;

/**
 * Latent consistency models (Luo et al. 2023, arXiv:2310.04378, algorithm 3): each call gives a
 * clean sample, {@code c_out clean + c_skip x} with {@code c_skip = 1/4 / (s^2 + 1/4)}, {@code
 * c_out = s / sqrt(s^2 + 1/4)}, {@code s = scaling t}; all but the last add noise again.
 *
 * @param common what all samplers share; its spacing and offset are not used
 * @param clip range of the clean sample; none for latents
 * @param end the last step
 * @param originalSteps how many steps the model was distilled from; the visited ones are of these
 * @param timestepScaling the factor of t
 */
public record Lcm(
    SamplingSettings common,
    Optional<Double> clip,
    FinalAlpha end,
    int originalSteps,
    double timestepScaling)
    implements Scheduler {
  private static final double QUARTER = 0.25;

  private static final Lcm DEFAULTS =
      new Lcm(
          new SamplingSettings(
              NoiseCurve.stableDiffusion(), Prediction.EPSILON, Spacing.LEADING, 0),
          Optional.empty(),
          FinalAlpha.ONE,
          50,
          10);

  static Lcm read(SchedulerConfig config) {
    config.only("thresholding", false);
    return new Lcm(
        config.common(DEFAULTS.common),
        config.clip(DEFAULTS.clip),
        config.finalAlpha(DEFAULTS.end),
        config.whole("original_inference_steps", DEFAULTS.originalSteps),
        config.real("timestep_scaling", DEFAULTS.timestepScaling));
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    common.checkCount(steps);
    common.refuseNoiseWithoutSignal("lcm");
    SamplingSettings.first(steps, strength);
    int origin = (int) (originalSteps * strength);
    if (steps > origin) {
      throw new RecipeException(
          "laying out a run of the sampler lcm: "
              + steps
              + " steps at strength "
              + strength
              + ", expected at most "
              + origin
              + " of the "
              + originalSteps
              + " that the model was distilled from. Take fewer steps.");
    }
    int stride = common.curve().trainSteps() / originalSteps;
    int[] timesteps = new int[steps];
    for (int i = 0; i < steps; i++) {
      int place = (int) Math.floor(i * ((double) origin / steps));
      timesteps[i] = (origin - place) * stride - 1;
    }
    return new Plan(this, timesteps);
  }

  private static final class Plan extends AlphaSchedule {
    private final Lcm settings;

    Plan(Lcm settings, int[] timesteps) {
      super(settings.common, timesteps, 0);
      this.settings = settings;
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      int t = trainedStep(state.call());
      double signal = cumulative(t, 1);
      double scaled = settings.timestepScaling * t;
      double square = scaled * scaled + QUARTER;
      Tensor denoised =
          Sum.of(
              scaled / Math.sqrt(square),
              clean(signal, state.sample(), output, settings.clip),
              QUARTER / square,
              state.sample());
      if (state.call() == calls() - 1) {
        return state.next(denoised);
      }
      double later =
          cumulative(trainedStep(state.call() + 1), settings.end.value(firstCumulative()));
      Tensor fresh = noise.normal(denoised.shape().toArray());
      return state.next(Sum.of(Math.sqrt(later), denoised, Math.sqrt(1 - later), fresh));
    }
  }
}
