package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * UniPC (Zhao et al. 2023, arXiv:2302.04867, algorithms 5 to 8, data prediction): a multistep
 * predictor, and a corrector that uses the next call's output to mend the step before it without a
 * call of its own.
 *
 * @param solver what multistep solvers share
 * @param scale B(h)
 * @param uncorrected steps that are not mended
 */
public record UniPc(SolverSettings solver, Scale scale, Set<Integer> uncorrected)
    implements Scheduler {
  /** B(h), the scale of the differences. */
  public enum Scale {
    /** {@code h}. */
    BH1("bh1"),
    /** {@code e^h - 1}. */
    BH2("bh2");

    private final String key;

    Scale(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  /** Copies the set. */
  public UniPc {
    uncorrected = Set.copyOf(uncorrected);
  }

  static UniPc read(SchedulerConfig config) {
    config.only("predict_x0", true);
    config.without("solver_p");
    UniPc found =
        new UniPc(
            SolverSettings.read(config),
            config.choice("solver_type", Scale.values(), Scale::key, Scale.BH2),
            Set.copyOf(config.wholes("disable_corrector")));
    if (!found.solver.lowerOrderFinal()
        && found.solver.order() > 1
        && found.solver.end() == FinalSigma.ZERO) {
      throw new ModelException(
          config.where()
              + ": lower_order_final false with final_sigmas_type zero divides by an infinite last"
              + " step, expected one of them otherwise.");
    }
    return found;
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    SamplingSettings common = solver.common();
    common.checkCount(steps);
    SigmaTable table = new SigmaTable(common.curve());
    int trained = common.curve().trainSteps();
    double[] timesteps =
        common.spacing().stepsOfSolver(trained, trained, steps, common.stepsOffset());
    double[] levels = table.at(timesteps);
    double last = table.smallest();
    if (solver.sigmas() != SigmaSpacing.TRAINED) {
      levels = solver.sigmas().levels(table.largest(), table.smallest(), steps);
      timesteps = table.stepsOf(levels);
      last = levels[steps - 1];
      for (int i = 0; solver.sigmas() == SigmaSpacing.KARRAS && i < steps; i++) {
        timesteps[i] = Math.rint(timesteps[i]);
      }
    }
    double end = solver.end() == FinalSigma.ZERO ? 0 : last;
    int begin = SamplingSettings.first(steps, strength);
    return new Plan(this, timesteps, SigmaTable.closed(levels, end), begin);
  }

  private static final class Plan extends SolverSchedule {
    private final UniPc method;

    Plan(UniPc method, double[] timesteps, float[] sigmas, int begin) {
      super(method.solver, timesteps, sigmas, begin);
      this.method = method;
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      int call = state.call();
      Tensor clean = clean(call, state.sample(), output);
      Tensor sample = state.sample();
      if (state.taken() > 0 && !method.uncorrected.contains(call - 1)) {
        sample = corrected(state, clean);
      }
      List<Tensor> outputs = state.remember(clean, settings().order());
      Tensor next = predicted(call, order(call, state.taken()), sample, outputs);
      return state.next(next, outputs, Optional.of(sample), Optional.empty());
    }

    private int order(int call, int taken) {
      int most = settings().order();
      if (settings().lowerOrderFinal()) {
        most = Math.min(most, calls() - call);
      }
      return Math.min(most, taken + 1);
    }

    private Tensor predicted(int call, int order, Tensor sample, List<Tensor> outputs) {
      double[] ratios = ratios(call, order);
      double[] weights = {};
      if (order == 2) {
        weights = new double[] {0.5};
      } else if (order == 3) {
        weights = UniPcWeights.solve(ratios, step(call), method.scale, 2);
      }
      return moved(call, sample, outputs, ratios, weights).tensor();
    }

    private Tensor corrected(SamplerState state, Tensor clean) {
      int call = state.call() - 1;
      int order = order(call, state.taken() - 1);
      double[] ratios = ratios(call, order);
      double[] weights =
          order == 1
              ? new double[] {0.5}
              : UniPcWeights.solve(ratios, step(call), method.scale, order);
      Sum sum =
          moved(
              call,
              state.anchor().orElseThrow(),
              state.outputs(),
              ratios,
              java.util.Arrays.copyOf(weights, order - 1));
      double scale =
          -alpha(call + 1) * UniPcWeights.scale(step(call), method.scale) * weights[order - 1];
      Tensor newest = state.outputs().get(state.outputs().size() - 1);
      return sum.add(scale, clean).add(-scale, newest).tensor();
    }

    /** {@code -h}: below 0, infinite where no noise is left. */
    private double step(int call) {
      return lambda(call) - lambda(call + 1);
    }

    /** How far back the outputs before that call lie, in units of its step. */
    private double[] ratios(int call, int order) {
      double[] out = new double[order];
      for (int i = 1; i < order; i++) {
        out[i - 1] = (lambda(call - i) - lambda(call)) / -step(call);
      }
      out[order - 1] = 1;
      return out;
    }

    /** The step from that call with the differences to earlier outputs, so weighted. */
    private Sum moved(
        int call, Tensor sample, List<Tensor> outputs, double[] ratios, double[] weights) {
      double alpha = alpha(call + 1);
      double ofNewest = -alpha * Math.expm1(step(call));
      double scale = weights.length == 0 ? 0 : UniPcWeights.scale(step(call), method.scale);
      int newest = outputs.size() - 1;
      Sum sum = new Sum().add(sigma(call + 1) / sigma(call), sample);
      for (int k = 0; k < weights.length; k++) {
        double weight = -alpha * scale * weights[k] / ratios[k];
        sum.add(weight, outputs.get(newest - 1 - k));
        ofNewest -= weight;
      }
      return sum.add(ofNewest, outputs.get(newest));
    }
  }
}
