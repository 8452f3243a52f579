package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.Optional;

/**
 * Denoising diffusion probabilistic models (Ho et al. 2020, arXiv:2006.11239, eq. 7), over the
 * visited steps only: mean {@code sqrt(abar') b / (1 - abar) clean + sqrt(abar / abar') (1 - abar')
 * / (1 - abar) x}, {@code b = 1 - abar / abar'}, plus noise except at step 0.
 *
 * @param common what all samplers share
 * @param clip range of the clean sample, for models of pixels; none for latents
 * @param variance how much noise a step adds
 */
public record Ddpm(SamplingSettings common, Optional<Double> clip, Variance variance)
    implements Scheduler {
  /** The variance of a step's noise. */
  public enum Variance {
    /** {@code (1 - abar') / (1 - abar) b}: right when the picture is known. */
    FIXED_SMALL("fixed_small"),
    /** The same, by way of its logarithm. */
    FIXED_SMALL_LOG("fixed_small_log"),
    /** {@code b}: right when the picture is noise. */
    FIXED_LARGE("fixed_large"),
    /**
     * Between the two, as a second half of the output's channels says (Nichol and Dhariwal 2021,
     * arXiv:2102.09672, eq. 15).
     */
    LEARNED_RANGE("learned_range");

    private final String key;

    Variance(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  private static final double SMALLEST = 1e-20;

  private static final Ddpm DEFAULTS =
      new Ddpm(
          new SamplingSettings(NoiseCurve.ddpm(), Prediction.EPSILON, Spacing.LEADING, 0),
          Optional.of(1.0),
          Variance.FIXED_SMALL);

  static Ddpm read(SchedulerConfig config) {
    config.only("thresholding", false);
    return new Ddpm(
        config.common(DEFAULTS.common),
        config.clip(DEFAULTS.clip),
        config.choice("variance_type", Variance.values(), Variance::key, DEFAULTS.variance));
  }

  @Override
  public boolean learnsVariance() {
    return variance == Variance.LEARNED_RANGE;
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    common.refuseNoiseWithoutSignal("ddpm");
    return new Plan(this, common.whole(steps), SamplingSettings.first(steps, strength));
  }

  static class Plan extends AlphaSchedule {
    private final Ddpm settings;

    Plan(Ddpm settings, int[] timesteps, int begin) {
      super(settings.common, timesteps, begin);
      this.settings = settings;
    }

    /** The share of the signal that a call's noise leaves of the next. */
    double kept(int call, double signal, double later) {
      return signal / later;
    }

    @Override
    public final SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      int t = trainedStep(state.call());
      double signal = cumulative(t, 1);
      double later = state.call() + 1 < calls() ? cumulative(trainedStep(state.call() + 1), 1) : 1;
      double kept = kept(state.call(), signal, later);
      boolean learned = settings.variance == Variance.LEARNED_RANGE;
      Tensor sample = state.sample();
      Tensor clean =
          clean(signal, sample, learned ? Halves.first(sample, output) : output, settings.clip);
      Tensor mean =
          Sum.of(
              Math.sqrt(later) * (1 - kept) / (1 - signal),
              clean,
              Math.sqrt(kept) * (1 - later) / (1 - signal),
              sample);
      if (t == 0) {
        return state.next(mean);
      }
      Tensor fresh = noise.normal(sample.shape().toArray());
      double small = Math.max((1 - later) / (1 - signal) * (1 - kept), SMALLEST);
      double large = 1 - kept;
      if (learned) {
        return state.next(withLearned(mean, fresh, Halves.second(sample, output), small, large));
      }
      double variance = settings.variance == Variance.FIXED_LARGE ? large : small;
      return state.next(Sum.of(1, mean, Math.sqrt(variance), fresh));
    }

    private static Tensor withLearned(
        Tensor mean, Tensor fresh, Tensor between, double small, double large) {
      Check.size("variances predicted by the network", mean.size(), between.size());
      float[] out = new float[mean.size()];
      for (int i = 0; i < out.length; i++) {
        double share = (between.array()[i] + 1) / 2;
        double log = share * Math.log(large) + (1 - share) * Math.log(small);
        out[i] = (float) (mean.array()[i] + Math.exp(log / 2) * fresh.array()[i]);
      }
      return Tensor.wrap(out, mean.shape().toArray());
    }
  }
}
