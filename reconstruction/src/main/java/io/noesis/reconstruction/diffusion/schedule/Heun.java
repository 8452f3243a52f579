package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Heun's method on the probability flow (Karras et al. 2022, arXiv:2206.00364, algorithm 1): an
 * Euler step, a second call at its end, and the step again with the mean of both derivatives. The
 * last step is Euler's; n steps call the network 2n - 1 times.
 *
 * @param common what all samplers share
 * @param sigmas where the noise levels lie
 * @param clip range of the clean sample; none for latents
 */
public record Heun(SamplingSettings common, SigmaSpacing sigmas, Optional<Double> clip)
    implements Scheduler {
  private static final Heun DEFAULTS =
      new Heun(
          new SamplingSettings(
              new NoiseCurve(
                  1000, 0.00085, 0.012, BetaCurve.LINEAR, List.of(), NoiseCurve.End.TRAINED),
              Prediction.EPSILON,
              Spacing.LINSPACE,
              0),
          SigmaSpacing.TRAINED,
          Optional.empty());

  static Heun read(SchedulerConfig config) {
    config.only("rescale_betas_zero_snr", false);
    return new Heun(config.common(DEFAULTS.common), config.sigmas(), config.clip(DEFAULTS.clip));
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    SigmaTable table = new SigmaTable(common.curve());
    double[] timesteps = Euler.rounded(common.fractional(steps));
    double[] levels = table.at(timesteps);
    if (sigmas != SigmaSpacing.TRAINED) {
      levels = sigmas.levels(levels[0], levels[steps - 1], steps);
      timesteps = table.stepsOf(levels);
    }
    float[] closed = new float[2 * steps];
    float[] told = new float[2 * steps - 1];
    for (int call = 0; call < told.length; call++) {
      closed[call] = (float) levels[(call + 1) / 2];
      told[call] = (float) timesteps[(call + 1) / 2];
    }
    return new Plan(this, told, closed, 2 * SamplingSettings.first(steps, strength));
  }

  private static final class Plan extends SigmaSchedule {
    private final Heun settings;

    Plan(Heun settings, float[] timesteps, float[] sigmas, int begin) {
      super(timesteps, sigmas, begin, initialNoise(settings.common.spacing(), sigmas));
      this.settings = settings;
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      int call = state.call();
      double sigma = sigma(call);
      Tensor sample = state.sample();
      Linear rule = settings.common.prediction().cleanUnscaled(sigma);
      Tensor found = rule.of(sample, AlphaSchedule.checked(sample, output));
      Tensor clean =
          settings
              .clip
              .map(range -> found.map(v -> Math.max(-range, Math.min(range, v))))
              .orElse(found);
      Tensor slope = Sum.of(1 / sigma, sample, -1 / sigma, clean);
      if (call % 2 == 0) {
        Tensor next = Sum.of(1, sample, sigma(call + 1) - sigma, slope);
        return state.next(next, List.of(), Optional.of(sample), Optional.of(slope));
      }
      double half = (sigma - sigma(call - 1)) / 2;
      return state.next(
          Sum.of(
              1, state.anchor().orElseThrow(), half, state.partial().orElseThrow(), half, slope));
    }
  }
}
