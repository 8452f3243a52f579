package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The shortened sampling of lucidrains/DALLE2-pytorch, by which MindEye2's prior is drawn
 * (MedARC-AI/MindEyeV2): {@link Ddim} with eta 1 whose signal of step t is the one before it,
 * {@code abar} of t - 1, while noise and clean sample are told apart by that of t itself. It visits
 * {@code n + 1} even places from the last step to one before the first, of which the last is no
 * call: n steps are n - 1 calls.
 *
 * @param common what all samplers share; its spacing and offset are not used
 * @param eta 0 for no fresh noise, 1 as published
 */
public record Dalle2Ddim(SamplingSettings common, double eta) implements Scheduler {
  private static final Dalle2Ddim DEFAULTS =
      new Dalle2Ddim(
          new SamplingSettings(
              new NoiseCurve(
                  100, 0.0001, 0.02, BetaCurve.SQUARED_COSINE, List.of(), NoiseCurve.End.TRAINED),
              Prediction.SAMPLE,
              Spacing.LINSPACE,
              0),
          1);

  static Dalle2Ddim read(SchedulerConfig config) {
    return new Dalle2Ddim(config.common(DEFAULTS.common), config.real("eta", DEFAULTS.eta));
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    int trained = common.curve().trainSteps();
    if (steps < 2 || steps >= trained) {
      throw new RecipeException(
          "laying out a run of the sampler dalle2-ddim: "
              + steps
              + " steps, expected 2 to "
              + (trained - 1)
              + ". All "
              + trained
              + " are what the sampler ddpm takes.");
    }
    common.refuseNoiseWithoutSignal("dalle2-ddim");
    int[] times = new int[steps];
    float gap = (trained + 1f) / steps;
    for (int i = 0; i < steps; i++) {
      // torch.linspace counts the second half from its end.
      int place = steps - 1 - i;
      times[i] = (int) (place < (steps + 1) / 2 ? -1 + gap * place : trained - gap * (i + 1));
    }
    return new Plan(this, times, SamplingSettings.first(steps - 1, strength));
  }

  private static final class Plan extends AlphaSchedule {
    private final double eta;
    private final Optional<Double> clip;
    private final int last;

    Plan(Dalle2Ddim settings, int[] times, int begin) {
      super(settings.common, Arrays.copyOf(times, times.length - 1), begin);
      this.eta = settings.eta;
      this.clip =
          settings.common.prediction() == Prediction.SAMPLE ? Optional.empty() : Optional.of(1.0);
      this.last = times[times.length - 1];
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      int t = trainedStep(state.call());
      int next = state.call() + 1 < calls() ? trainedStep(state.call() + 1) : last;
      double own = cumulative(t, 1);
      Tensor clean = clean(own, state.sample(), output, clip);
      if (next < 0) {
        return state.next(clean);
      }
      double signal = cumulative(t - 1, 1);
      double later = cumulative(next - 1, 1);
      double fresh = eta * Math.sqrt((1 - signal / later) * (1 - later) / (1 - signal));
      double kept = Math.sqrt(1 - later - fresh * fresh);
      double root = Math.sqrt(1 - own);
      Tensor x =
          Sum.of(
              Math.sqrt(later) - kept * Math.sqrt(own) / root, clean, kept / root, state.sample());
      return state.next(next == 0 ? x : Sum.of(1, x, fresh, noise.normal(x.shape().toArray())));
    }
  }
}
