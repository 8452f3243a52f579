package io.noesis.ingest.glm;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One beta per trial and voxel of a run.
 *
 * @param betas {@code [trials, voxels]} in the unit asked for, trials in the order of the design
 * @param residualVariance {@code [voxels]}: squared residuals over volumes minus columns, in the
 *     squared unit of the betas' numerator; for separate models, those of the model with one
 *     regressor for all trials; of whitened volumes under the autoregressive model
 * @param rho {@code [voxels]}: the autoregressive coefficient used, 0 for ordinary least squares
 */
public record SingleTrialBetas(Tensor betas, Tensor residualVariance, Tensor rho) {
  private static final int BLOCK = 64;

  /** Steps per unit of the autoregressive coefficient, so that voxels share estimators. */
  private static final int RHO_STEPS = 100;

  /**
   * Estimates the betas. Accumulates in double; the result does not depend on the thread count.
   *
   * @param design the run's design
   * @param bold {@code [volumes, voxels]}, finite; not modified
   * @param spec the estimator
   * @return betas, residual variance and coefficients
   * @throws DataException when sizes differ, a value is not finite, the columns cannot be told
   *     apart, or a percentage is asked for of a mean that is not positive
   */
  public static SingleTrialBetas estimate(DesignMatrix design, Tensor bold, BetaSpec spec) {
    check(design, bold);
    int voxels = bold.dim(1);
    double[] rho = new double[voxels];
    Result result = new Result(design.trials(), voxels);
    Estimator ordinary = Estimator.of(design, spec.model(), 0);
    int[] all = new int[voxels];
    Arrays.setAll(all, i -> i);
    if (spec.noise() == NoiseModel.ORDINARY) {
      apply(ordinary, bold, all, result);
    } else {
      Parallel.forBlocks(
          voxels, BLOCK, (from, to) -> autocorrelation(ordinary, bold, all, from, to, rho));
      for (Map.Entry<Integer, int[]> group : byStep(rho).entrySet()) {
        double step = group.getKey() * 1.0 / RHO_STEPS;
        for (int voxel : group.getValue()) {
          rho[voxel] = step;
        }
        apply(Estimator.of(design, spec.model(), step), bold, group.getValue(), result);
      }
    }
    if (spec.unit() == BetaUnit.PERCENT_OF_MEAN) {
      toPercent(bold, result);
    }
    return new SingleTrialBetas(
        Tensor.wrap(result.betas, design.trials(), voxels),
        Tensor.wrap(floats(result.variance), voxels),
        Tensor.wrap(floats(rho), voxels));
  }

  private static final class Result {
    final int trials;
    final int voxels;
    final float[] betas;
    final double[] variance;

    Result(int trials, int voxels) {
      this.trials = trials;
      this.voxels = voxels;
      this.betas = new float[Math.multiplyExact(trials, voxels)];
      this.variance = new double[voxels];
    }
  }

  private static void check(DesignMatrix design, Tensor bold) {
    Check.argument(
        bold.shape().rank() == 2, "BOLD must be [volumes, voxels], found shape %s", bold.shape());
    if (bold.dim(0) != design.timing().volumes()) {
      throw new DataException(
          "estimating betas: the run has "
              + bold.dim(0)
              + " volumes, its design "
              + design.timing().volumes()
              + ". Check that events and image are of the same run.");
    }
    int bad = 0;
    int first = -1;
    float[] values = bold.array();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        bad++;
        first = first < 0 ? i : first;
      }
    }
    if (bad > 0) {
      throw new DataException(
          "estimating betas: "
              + bad
              + " values are NaN or infinite, the first at volume "
              + first / bold.dim(1)
              + ", voxel "
              + first % bold.dim(1)
              + " of the mask. Expected numbers: use a mask without those voxels.");
    }
  }

  /** The voxels' series in double, whitened, {@code [volumes][block]}. */
  static double[][] series(Tensor bold, int[] which, int from, int to, double rho) {
    int volumes = bold.dim(0);
    int voxels = bold.dim(1);
    float[] in = bold.array();
    double[][] y = new double[volumes][to - from];
    for (int v = 0; v < volumes; v++) {
      for (int i = from; i < to; i++) {
        y[v][i - from] = in[v * voxels + which[i]];
      }
    }
    if (rho != 0) {
      for (int v = volumes - 1; v > 0; v--) {
        Orthogonal.add(y[v], -rho, y[v - 1]);
      }
    }
    return y;
  }

  private static double[] product(double[] weights, double[][] y) {
    double[] out = new double[y[0].length];
    for (int v = 0; v < y.length; v++) {
      Orthogonal.add(out, weights[v], y[v]);
    }
    return out;
  }

  /** Turns the series into residuals in place. */
  static void takeAway(double[][] explained, double[][] y) {
    for (double[] e : explained) {
      double[] share = product(e, y);
      for (int v = 0; v < y.length; v++) {
        Orthogonal.add(y[v], -e[v], share);
      }
    }
  }

  private static void apply(Estimator estimator, Tensor bold, int[] which, Result result) {
    Parallel.forBlocks(
        which.length,
        BLOCK,
        (from, to) -> {
          double[][] y = series(bold, which, from, to, estimator.rho());
          for (int k = 0; k < result.trials; k++) {
            double[] beta = product(estimator.weights()[k], y);
            for (int i = from; i < to; i++) {
              result.betas[k * result.voxels + which[i]] = (float) beta[i - from];
            }
          }
          takeAway(estimator.explained(), y);
          int freedom = y.length - estimator.explained().length;
          for (double[] row : y) {
            for (int i = from; i < to; i++) {
              result.variance[which[i]] += row[i - from] * row[i - from] / freedom;
            }
          }
        });
  }

  /** Yule-Walker of the residuals: {@code (r1 / (n - 1)) / (r0 / n)}. */
  private static void autocorrelation(
      Estimator ordinary, Tensor bold, int[] all, int from, int to, double[] rho) {
    double[][] y = series(bold, all, from, to, 0);
    takeAway(ordinary.explained(), y);
    int n = y.length;
    for (int i = 0; i < to - from; i++) {
      double now = y[0][i] * y[0][i];
      double next = 0;
      for (int v = 1; v < n; v++) {
        now += y[v][i] * y[v][i];
        next += y[v][i] * y[v - 1][i];
      }
      rho[from + i] = now == 0 ? 0 : next / (n - 1) / (now / n);
    }
  }

  private static Map<Integer, int[]> byStep(double[] rho) {
    Map<Integer, List<Integer>> lists = new TreeMap<>();
    for (int voxel = 0; voxel < rho.length; voxel++) {
      lists.computeIfAbsent((int) (rho[voxel] * RHO_STEPS), k -> new ArrayList<>()).add(voxel);
    }
    Map<Integer, int[]> out = new TreeMap<>();
    lists.forEach((step, list) -> out.put(step, list.stream().mapToInt(i -> i).toArray()));
    return out;
  }

  /** Least squares with a constant commute with scaling, so betas can be scaled afterwards. */
  private static void toPercent(Tensor bold, Result result) {
    int volumes = bold.dim(0);
    double[] mean = new double[result.voxels];
    for (int v = 0; v < volumes; v++) {
      for (int i = 0; i < result.voxels; i++) {
        mean[i] += (double) bold.array()[v * result.voxels + i] / volumes;
      }
    }
    for (int i = 0; i < result.voxels; i++) {
      if (!(mean[i] > 0)) {
        throw new DataException(
            "scaling betas to percent: voxel "
                + i
                + " of the mask has mean "
                + mean[i]
                + ", expected a positive baseline. The series were centred or the mask is too large; "
                + "use the unit SCANNER or another mask.");
      }
      double factor = 100 / mean[i];
      result.variance[i] *= factor * factor;
      for (int k = 0; k < result.trials; k++) {
        result.betas[k * result.voxels + i] *= (float) factor;
      }
    }
  }

  private static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}
