package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.tensor.Tensor;
import java.util.Optional;

/**
 * Denoising diffusion implicit models (Song et al. 2021, arXiv:2010.02502, eq. 12): {@code x' =
 * sqrt(abar') clean + sqrt(1 - abar' - s^2) noise + s z}, {@code s = eta sqrt((1 - abar') / (1 -
 * abar) (1 - abar / abar'))}, where {@code abar'} lies a fixed number of steps of training on.
 *
 * @param common what all samplers share
 * @param clip range of the clean sample, for models of pixels; none for latents
 * @param end the last step
 * @param eta 0 for no fresh noise, 1 for as much as {@link Ddpm}
 */
public record Ddim(SamplingSettings common, Optional<Double> clip, FinalAlpha end, double eta)
    implements Scheduler {
  private static final Ddim DEFAULTS =
      new Ddim(
          new SamplingSettings(NoiseCurve.ddpm(), Prediction.EPSILON, Spacing.LEADING, 0),
          Optional.of(1.0),
          FinalAlpha.ONE,
          0);

  static Ddim read(SchedulerConfig config) {
    config.only("thresholding", false);
    return new Ddim(
        config.common(DEFAULTS.common),
        config.clip(DEFAULTS.clip),
        config.finalAlpha(DEFAULTS.end),
        DEFAULTS.eta);
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    common.refuseNoiseWithoutSignal("ddim");
    int[] timesteps = common.whole(steps);
    int stride = common.curve().trainSteps() / steps;
    return new Plan(this, timesteps, SamplingSettings.first(steps, strength), stride);
  }

  private static final class Plan extends AlphaSchedule {
    private final Ddim settings;
    private final int stride;

    Plan(Ddim settings, int[] timesteps, int begin, int stride) {
      super(settings.common, timesteps, begin);
      this.settings = settings;
      this.stride = stride;
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      int t = trainedStep(state.call());
      double beyond = settings.end.value(firstCumulative());
      double signal = cumulative(t, beyond);
      double later = cumulative(t - stride, beyond);
      Tensor clean = clean(signal, state.sample(), output, settings.clip);
      Tensor predicted = noise(signal, state.sample(), output);
      double fresh = settings.eta * Math.sqrt((1 - later) / (1 - signal) * (1 - signal / later));
      Tensor next =
          Sum.of(Math.sqrt(later), clean, Math.sqrt(1 - later - fresh * fresh), predicted);
      if (settings.eta > 0) {
        next = Sum.of(1, next, fresh, noise.normal(next.shape().toArray()));
      }
      return state.next(next);
    }
  }
}
