package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;

/**
 * Euler's method on the probability flow (Karras et al. 2022, arXiv:2206.00364, algorithm 2 without
 * churn): {@code x' = x + (sigma' - sigma) (x - clean) / sigma}.
 *
 * @param common what all samplers share
 * @param sigmas where the noise levels lie
 * @param end the noise that a run ends with
 * @param between how a level between two steps of training is found
 * @param time what the network is told
 */
public record Euler(
    SamplingSettings common, SigmaSpacing sigmas, FinalSigma end, Between between, Time time)
    implements Scheduler {
  /** How a level between two steps of training is found. */
  public enum Between {
    /** On a straight line. */
    LINEAR("linear"),
    /** Evenly in the logarithm over the whole range, whatever the spacing. */
    LOG_LINEAR("log_linear");

    private final String key;

    Between(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  /** What the network is told of the noise. */
  public enum Time {
    /** The step of training. */
    DISCRETE("discrete"),
    /** A quarter of the logarithm of sigma, for models of v. */
    CONTINUOUS("continuous");

    private final String key;

    Time(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  private static final Euler DEFAULTS =
      new Euler(
          new SamplingSettings(NoiseCurve.ddpm(), Prediction.EPSILON, Spacing.LINSPACE, 0),
          SigmaSpacing.TRAINED,
          FinalSigma.ZERO,
          Between.LINEAR,
          Time.DISCRETE);

  static Euler read(SchedulerConfig config) {
    return new Euler(
        config.common(DEFAULTS.common),
        config.sigmas(),
        config.choice("final_sigmas_type", FinalSigma.values(), FinalSigma::key, DEFAULTS.end),
        config.choice("interpolation_type", Between.values(), Between::key, DEFAULTS.between),
        config.choice("timestep_type", Time.values(), Time::key, DEFAULTS.time));
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    SigmaTable table = new SigmaTable(common.curve());
    double[] timesteps = rounded(common.fractional(steps));
    double[] levels = table.at(timesteps);
    if (between == Between.LOG_LINEAR) {
      if (sigmas == SigmaSpacing.TRAINED) {
        throw new RecipeException(
            "the sampler euler: interpolation_type log_linear without Karras or exponential sigmas"
                + " gives one level too many, expected use_karras_sigmas beside it.");
      }
      levels = new double[] {table.largest(), table.smallest()};
    }
    if (sigmas != SigmaSpacing.TRAINED) {
      levels = sigmas.levels(levels[0], levels[levels.length - 1], steps);
      timesteps = table.stepsOf(levels);
    }
    float[] closed = SigmaTable.closed(levels, end == FinalSigma.ZERO ? 0 : table.smallest());
    float[] told = SigmaTable.floats(timesteps);
    if (time == Time.CONTINUOUS && common.prediction() == Prediction.V) {
      for (int i = 0; i < told.length; i++) {
        told[i] = (float) (0.25 * Math.log(closed[i]));
      }
    }
    return new Plan(this, told, closed, SamplingSettings.first(steps, strength));
  }

  /** Time steps are float32 before levels are looked up at them. */
  static double[] rounded(double[] timesteps) {
    double[] out = new double[timesteps.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) timesteps[i];
    }
    return out;
  }

  private static final class Plan extends SigmaSchedule {
    private final Prediction prediction;

    Plan(Euler settings, float[] timesteps, float[] sigmas, int begin) {
      super(timesteps, sigmas, begin, initialNoise(settings.common.spacing(), sigmas));
      this.prediction = settings.common.prediction();
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      double sigma = sigma(state.call());
      Tensor sample = state.sample();
      Tensor clean =
          prediction.cleanUnscaled(sigma).of(sample, AlphaSchedule.checked(sample, output));
      double share = sigma(state.call() + 1) / sigma;
      return state.next(Sum.of(share, sample, 1 - share, clean));
    }
  }
}
