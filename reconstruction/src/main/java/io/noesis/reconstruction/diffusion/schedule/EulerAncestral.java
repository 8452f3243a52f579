package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;

/**
 * Euler's method to a lower noise level than wanted, and fresh noise up to it ({@code
 * sample_euler_ancestral} of k-diffusion, by way of Song et al. 2021): {@code up = sqrt(s'^2 (s^2 -
 * s'^2) / s^2)}, {@code down = sqrt(s'^2 - up^2)}. The sampler of SDXL-Turbo, with trailing
 * spacing.
 *
 * @param common what all samplers share
 */
public record EulerAncestral(SamplingSettings common) implements Scheduler {
  private static final SamplingSettings DEFAULTS =
      new SamplingSettings(NoiseCurve.ddpm(), Prediction.EPSILON, Spacing.LINSPACE, 0);

  static EulerAncestral read(SchedulerConfig config) {
    EulerAncestral found = new EulerAncestral(config.common(DEFAULTS));
    if (found.common.prediction() == Prediction.SAMPLE) {
      throw new ModelException(
          config.where()
              + ": prediction_type sample, the sampler euler-ancestral expects epsilon or v_prediction."
              + " Choose euler for this model.");
    }
    return found;
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    double[] timesteps = Euler.rounded(common.fractional(steps));
    float[] sigmas = SigmaTable.closed(new SigmaTable(common.curve()).at(timesteps), 0);
    int begin = SamplingSettings.first(steps, strength);
    return new Plan(common, SigmaTable.floats(timesteps), sigmas, begin);
  }

  private static final class Plan extends SigmaSchedule {
    private final Prediction prediction;

    Plan(SamplingSettings settings, float[] timesteps, float[] sigmas, int begin) {
      super(timesteps, sigmas, begin, initialNoise(settings.spacing(), sigmas));
      this.prediction = settings.prediction();
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      double from = sigma(state.call());
      double to = sigma(state.call() + 1);
      Tensor sample = state.sample();
      Tensor clean =
          prediction.cleanUnscaled(from).of(sample, AlphaSchedule.checked(sample, output));
      double up = Math.sqrt(to * to * (from * from - to * to) / (from * from));
      double share = Math.sqrt(to * to - up * up) / from;
      // The last step draws too and adds nothing, so that later draws are those of diffusers.
      Tensor fresh = noise.normal(sample.shape().toArray());
      return state.next(Sum.of(share, sample, 1 - share, clean, up, fresh));
    }
  }
}
