package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;

/**
 * What the multistep solvers share.
 *
 * @param common what all samplers share
 * @param sigmas where the noise levels lie
 * @param end the noise that a run ends with
 * @param order how many outputs a step uses, 1 to 3
 * @param lowerOrderFinal whether the last steps use fewer, which steadies short runs
 */
public record SolverSettings(
    SamplingSettings common,
    SigmaSpacing sigmas,
    FinalSigma end,
    int order,
    boolean lowerOrderFinal) {
  /** Checks the order. */
  public SolverSettings {
    Check.argument(order >= 1 && order <= 3, "solver_order must be 1, 2 or 3, found %d", order);
  }

  static SolverSettings defaults() {
    return new SolverSettings(
        new SamplingSettings(NoiseCurve.ddpm(), Prediction.EPSILON, Spacing.LINSPACE, 0),
        SigmaSpacing.TRAINED,
        FinalSigma.ZERO,
        2,
        true);
  }

  static SolverSettings read(SchedulerConfig config) {
    SolverSettings defaults = defaults();
    config.only("thresholding", false);
    return new SolverSettings(
        config.common(defaults.common),
        config.sigmas(),
        config.choice("final_sigmas_type", FinalSigma.values(), FinalSigma::key, defaults.end),
        config.whole("solver_order", defaults.order),
        config.flag("lower_order_final", defaults.lowerOrderFinal));
  }
}
