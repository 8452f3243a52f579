package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Pseudo numerical methods (Liu et al. 2022, arXiv:2202.09778): a multistep combination of the last
 * four outputs (eq. 12) put into their transfer formula (eq. 9 and 11). It needs earlier outputs to
 * begin with: PLMS makes them with a repeated first step, the original method with three
 * Runge-Kutta steps of four calls.
 *
 * @param common what all samplers share
 * @param end the last step
 * @param warmUp how the first steps are made
 */
public record Pndm(SamplingSettings common, FinalAlpha end, WarmUp warmUp) implements Scheduler {
  /** How the first steps are made. */
  public enum WarmUp {
    /** One repeated call: PLMS, as Stable Diffusion uses it. */
    PLMS,
    /** Three steps of four calls. */
    RUNGE_KUTTA
  }

  /** Calls of the Runge-Kutta steps. */
  private static final int WARM_UP_CALLS = 12;

  private static final Pndm DEFAULTS =
      new Pndm(
          new SamplingSettings(NoiseCurve.ddpm(), Prediction.EPSILON, Spacing.LEADING, 0),
          FinalAlpha.FIRST_STEP,
          WarmUp.RUNGE_KUTTA);

  static Pndm read(SchedulerConfig config) {
    Pndm found =
        new Pndm(
            config.common(DEFAULTS.common),
            config.finalAlpha(DEFAULTS.end),
            config.flag("skip_prk_steps", false) ? WarmUp.PLMS : WarmUp.RUNGE_KUTTA);
    if (found.common.prediction() == Prediction.SAMPLE
        || found.common.curve().end() == NoiseCurve.End.ZERO_SNR) {
      throw new ModelException(
          config.where()
              + ": the sampler pndm expects prediction_type epsilon or v_prediction and no"
              + " rescale_betas_zero_snr, as in the paper. Choose ddim for this model.");
    }
    return found;
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    int[] visited = common.whole(steps);
    int stride = common.curve().trainSteps() / steps;
    int begin = SamplingSettings.first(steps, strength);
    if (warmUp == WarmUp.PLMS) {
      return new Plan(this, plms(visited), begin, stride);
    }
    if (steps < 4 || begin > 0) {
      throw new RecipeException(
          "laying out a run of the sampler pndm: "
              + steps
              + " steps at strength "
              + strength
              + ", expected at least 4 from pure noise, for its Runge-Kutta steps. Set"
              + " skip_prk_steps to true.");
    }
    return new Plan(this, rungeKutta(visited, stride / 2), 0, stride);
  }

  /** The second step twice. */
  private static int[] plms(int[] visited) {
    if (visited.length == 1) {
      return visited;
    }
    int[] out = new int[visited.length + 1];
    out[0] = visited[0];
    System.arraycopy(visited, 1, out, 1, 1);
    System.arraycopy(visited, 1, out, 2, visited.length - 1);
    return out;
  }

  /** Per step: its begin, twice the middle, its end; then the rest. */
  private static int[] rungeKutta(int[] visited, int half) {
    int[] out = new int[WARM_UP_CALLS + visited.length - 3];
    for (int step = 0; step < 3; step++) {
      out[4 * step] = visited[step];
      out[4 * step + 1] = visited[step + 1] + half;
      out[4 * step + 2] = visited[step + 1] + half;
      out[4 * step + 3] = visited[step + 1];
    }
    System.arraycopy(visited, 3, out, WARM_UP_CALLS, visited.length - 3);
    return out;
  }

  private static final class Plan extends AlphaSchedule {
    private final Pndm settings;
    private final int stride;

    Plan(Pndm settings, int[] timesteps, int begin, int stride) {
      super(settings.common, timesteps, begin);
      this.settings = settings;
      this.stride = stride;
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      checked(state.sample(), output);
      return settings.warmUp == WarmUp.RUNGE_KUTTA && state.call() < WARM_UP_CALLS
          ? rungeKutta(state, output)
          : multistep(state, output);
    }

    private SamplerState rungeKutta(SamplerState state, Tensor output) {
      int stage = state.call() % 4;
      int from = trainedStep(state.call() - stage);
      int to = trainedStep(state.call()) - (stage % 2 == 0 ? stride / 2 : 0);
      Tensor anchor = stage == 0 ? state.sample() : state.anchor().orElseThrow();
      double weight = stage == 0 || stage == 3 ? 1.0 / 6 : 1.0 / 3;
      Sum sum = new Sum();
      state.partial().ifPresent(partial -> sum.add(1, partial));
      Tensor partial = sum.add(weight, output).tensor();
      List<Tensor> outputs = stage == 0 ? state.remember(output, 4) : state.outputs();
      if (stage == 3) {
        return state.next(
            transfer(anchor, partial, from, to), outputs, Optional.empty(), Optional.empty());
      }
      return state.next(
          transfer(anchor, output, from, to), outputs, Optional.of(anchor), Optional.of(partial));
    }

    private SamplerState multistep(SamplerState state, Tensor output) {
      int t = trainedStep(state.call());
      if (state.taken() == 1) {
        Tensor mean = Sum.of(0.5, output, 0.5, state.outputs().get(0));
        Tensor next = transfer(state.anchor().orElseThrow(), mean, t + stride, t);
        return state.next(next, state.outputs(), Optional.empty(), Optional.empty());
      }
      List<Tensor> outputs = state.remember(output, 4);
      Tensor next = transfer(state.sample(), combined(outputs), t, t - stride);
      return state.next(
          next,
          outputs,
          state.taken() == 0 ? Optional.of(state.sample()) : Optional.empty(),
          Optional.empty());
    }

    /** Adams and Bashforth's coefficients for as many outputs as there are. */
    private static Tensor combined(List<Tensor> outputs) {
      double[] weights =
          switch (outputs.size()) {
            case 1 -> new double[] {1};
            case 2 -> new double[] {-1 / 2.0, 3 / 2.0};
            case 3 -> new double[] {5 / 12.0, -16 / 12.0, 23 / 12.0};
            default -> new double[] {-9 / 24.0, 37 / 24.0, -59 / 24.0, 55 / 24.0};
          };
      Sum sum = new Sum();
      for (int i = 0; i < weights.length; i++) {
        sum.add(weights[i], outputs.get(i));
      }
      return sum.tensor();
    }

    /** Equation 11. */
    private Tensor transfer(Tensor sample, Tensor output, int from, int to) {
      double beyond = settings.end.value(firstCumulative());
      double signal = cumulative(from, beyond);
      double later = cumulative(to, beyond);
      Tensor predicted = noise(signal, sample, output);
      double denominator = signal * Math.sqrt(1 - later) + Math.sqrt(signal * (1 - signal) * later);
      return Sum.of(Math.sqrt(later / signal), sample, -(later - signal) / denominator, predicted);
    }
  }
}
