package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * DPM-Solver++, multistep (Lu et al. 2022, arXiv:2211.01095, algorithm 2, and section 5 for the
 * stochastic form): {@code x' = sigma'/sigma x - alpha' (e^-h - 1) (D0 + ...)} with differences of
 * the last clean samples up to the solver's order.
 *
 * @param solver what multistep solvers share
 * @param rule the weight of the first difference at order 2
 * @param noise whether steps add noise
 * @param firstOrderLast whether the last step is of first order whatever else is said
 * @param lambdaMin steps of training with {@code ln(alpha / sigma)} below it are left out
 */
public record DpmSolver(
    SolverSettings solver, Rule rule, Noise noise, boolean firstOrderLast, double lambdaMin)
    implements Scheduler {
  /** The weight of the first difference at order 2. */
  public enum Rule {
    /** Half the step's weight. */
    MIDPOINT("midpoint"),
    /** Its exact integral. */
    HEUN("heun");

    private final String key;

    Rule(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  /** Whether steps add noise. */
  public enum Noise {
    /** None: the same picture from the same start. */
    NONE("dpmsolver++"),
    /** As the stochastic equation has it. */
    FRESH("sde-dpmsolver++");

    private final String key;

    Noise(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  /** Runs shorter than this end with lower orders. */
  private static final int SHORT = 15;

  /** Checks the order. */
  public DpmSolver {
    // diffusers' third order has a term there that does not vanish with the step.
    Check.argument(
        noise == Noise.NONE || solver.order() < 3,
        "solver_order of sde-dpmsolver++ must be 1 or 2, found %d",
        solver.order());
  }

  static DpmSolver read(SchedulerConfig config) {
    config.only("use_lu_lambdas", false);
    config.without("variance_type");
    return new DpmSolver(
        SolverSettings.read(config),
        config.choice("solver_type", Rule.values(), Rule::key, Rule.MIDPOINT),
        config.choice("algorithm_type", Noise.values(), Noise::key, Noise.NONE),
        config.flag("euler_at_final", false),
        config.real("lambda_min_clipped", Double.NEGATIVE_INFINITY));
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    SamplingSettings common = solver.common();
    common.checkCount(steps);
    SigmaTable table = new SigmaTable(common.curve());
    int last = table.stepsAbove(lambdaMin);
    double[] timesteps =
        common
            .spacing()
            .stepsOfSolver(common.curve().trainSteps(), last, steps, common.stepsOffset());
    double[] levels = table.at(timesteps);
    if (solver.sigmas() != SigmaSpacing.TRAINED) {
      levels = solver.sigmas().levels(table.largest(), table.smallest(), steps);
      timesteps = table.stepsOf(levels);
      // As diffusers: rounded to whole steps of training, cut off for the others.
      if (solver.sigmas() == SigmaSpacing.KARRAS
          && common.curve().curve() != BetaCurve.SQUARED_COSINE) {
        java.util.Arrays.setAll(timesteps, roundedOf(timesteps));
      }
    }
    double end = solver.end() == FinalSigma.ZERO ? 0 : table.smallest();
    return new Plan(
        this,
        timesteps,
        SigmaTable.closed(levels, end),
        SamplingSettings.first(timesteps.length, strength));
  }

  private static java.util.function.IntToDoubleFunction roundedOf(double[] values) {
    return i -> Math.rint(values[i]);
  }

  private static final class Plan extends SolverSchedule {
    private final DpmSolver method;

    Plan(DpmSolver method, double[] timesteps, float[] sigmas, int begin) {
      super(method.solver, timesteps, sigmas, begin);
      this.method = method;
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      int call = state.call();
      Tensor clean = clean(call, state.sample(), output);
      List<Tensor> outputs = state.remember(clean, settings().order());
      Sum next = new Sum();
      double h = lambda(call + 1) - lambda(call);
      double shrink = sigma(call + 1) / sigma(call);
      if (method.noise == Noise.FRESH) {
        double spread = sigma(call + 1) * Math.sqrt(-Math.expm1(-2 * h));
        next.add(spread, noise.normal(clean.shape().toArray()));
        shrink *= Math.exp(-h);
      }
      next.add(shrink, state.sample());
      addDifferences(next, outputs, call, order(state), h);
      return state.next(next.tensor(), outputs, Optional.empty(), Optional.empty());
    }

    private int order(SamplerState state) {
      boolean isShort = settings().lowerOrderFinal() && calls() < SHORT;
      int left = calls() - state.call();
      if (left == 1 && (method.firstOrderLast || isShort || settings().end() == FinalSigma.ZERO)) {
        return 1;
      }
      int most = left == 2 && isShort ? 2 : 3;
      return Math.min(Math.min(settings().order(), most), state.taken() + 1);
    }

    /** Weights of the newest clean sample, and of its first and second difference. */
    private void addDifferences(Sum next, List<Tensor> outputs, int call, int order, double h) {
      double alpha = alpha(call + 1);
      // The step in the exponent: doubled where half of the way is made by noise.
      double g = method.noise == Noise.FRESH ? 2 * h : h;
      double whole = -alpha * Math.expm1(-g);
      int newest = outputs.size() - 1;
      if (order == 1) {
        next.add(whole, outputs.get(newest));
        return;
      }
      double exact = alpha * (Math.expm1(-g) / g + 1);
      double r0 = (lambda(call) - lambda(call - 1)) / h;
      if (order == 2) {
        double first = method.rule == Rule.MIDPOINT ? whole / 2 : exact;
        next.add(whole + first / r0, outputs.get(newest)).add(-first / r0, outputs.get(newest - 1));
        return;
      }
      double r1 = (lambda(call - 1) - lambda(call - 2)) / h;
      double second = secondWeight(alpha, g);
      double near = exact * (1 + r0 / (r0 + r1)) + second / (r0 + r1);
      double far = -exact * r0 / (r0 + r1) - second / (r0 + r1);
      next.add(whole + near / r0, outputs.get(newest))
          .add(-near / r0 + far / r1, outputs.get(newest - 1))
          .add(-far / r1, outputs.get(newest - 2));
    }

    private double secondWeight(double alpha, double g) {
      double grown = (Math.expm1(-g) + g) / (g * g) - 0.5;
      return -alpha * grown;
    }
  }
}
