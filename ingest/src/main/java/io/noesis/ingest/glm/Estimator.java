package io.noesis.ingest.glm;

import io.noesis.run.DataException;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear estimator of trial betas on volumes whitened by one autoregressive coefficient: {@code
 * betas = W whiten(Y)}, and the subspace that the model explains, for residuals.
 */
final class Estimator {
  private final double rho;
  private final double[][] weights;
  private final double[][] explained;

  private Estimator(double rho, double[][] weights, double[][] explained) {
    this.rho = rho;
    this.weights = weights;
    this.explained = explained;
  }

  /**
   * @param design the design
   * @param model how trials are told apart
   * @param rho the coefficient to whiten by; 0 is ordinary least squares
   */
  static Estimator of(DesignMatrix design, TrialModel model, double rho) {
    double[][] columns = new double[design.columns().length][];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = whiten(design.columns()[c], rho);
    }
    return switch (model) {
      case LEAST_SQUARES_ALL -> {
        Orthogonal q = decompose(columns, design.names());
        yield new Estimator(rho, q.pseudoInverse(0, design.trials()), q.basis());
      }
      case LEAST_SQUARES_SEPARATE -> separate(columns, design, rho);
    };
  }

  /**
   * The separate models in closed form: with nuisance projected out, trial column a and the sum of
   * the others b, the weights of a are those of a regression on two columns.
   */
  private static Estimator separate(double[][] columns, DesignMatrix design, double rho) {
    int trials = design.trials();
    int nuisance = columns.length - trials;
    double[][] others = new double[nuisance][];
    System.arraycopy(columns, trials, others, 0, nuisance);
    Orthogonal q = decompose(others, design.names().subList(trials, columns.length));
    double[][] free = new double[trials][];
    double[] sum = new double[columns[0].length];
    for (int k = 0; k < trials; k++) {
      free[k] = columns[k].clone();
      for (int pass = 0; pass < 2; pass++) {
        for (double[] e : q.basis()) {
          Orthogonal.add(free[k], -Orthogonal.dot(e, free[k]), e);
        }
      }
      Orthogonal.add(sum, 1, free[k]);
    }
    double[][] weights = new double[trials][];
    for (int k = 0; k < trials; k++) {
      weights[k] = separateWeights(free[k], sum, design.names().get(k));
    }
    double[][] explained = new double[nuisance + 1][];
    System.arraycopy(q.basis(), 0, explained, 0, nuisance);
    explained[nuisance] = sum.clone();
    Orthogonal.scale(explained[nuisance], 1 / Math.sqrt(Orthogonal.dot(sum, sum)));
    return new Estimator(rho, weights, explained);
  }

  private static double[] separateWeights(double[] a, double[] sum, String name) {
    double[] b = sum.clone();
    Orthogonal.add(b, -1, a);
    double aa = Orthogonal.dot(a, a);
    double ab = Orthogonal.dot(a, b);
    double bb = Orthogonal.dot(b, b);
    double[] w = a.clone();
    if (bb <= 1e-20 * aa) {
      Orthogonal.scale(w, 1 / aa);
      return w;
    }
    double determinant = aa * bb - ab * ab;
    if (!(determinant > Orthogonal.DEPENDENT * Orthogonal.DEPENDENT * aa * bb)) {
      throw new DataException(
          "estimating the beta of trial '"
              + name
              + "': its regressor cannot be told from drift, confounds and the sum of the other "
              + "trials. Leave confounds out or use a longer run.");
    }
    Orthogonal.scale(w, bb / determinant);
    Orthogonal.add(w, -ab / determinant, b);
    return w;
  }

  /** Decomposes a design, or says which columns cannot be told apart. */
  static Orthogonal decompose(double[][] columns, List<String> names) {
    int volumes = columns[0].length;
    if (columns.length >= volumes) {
      throw new DataException(
          "solving a design: "
              + columns.length
              + " columns for "
              + volumes
              + " volumes leave nothing to estimate noise from. Use fewer trials or confounds per run, "
              + "or the model LEAST_SQUARES_SEPARATE.");
    }
    Orthogonal q = Orthogonal.of(columns);
    if (q.dependent() >= 0) {
      throw new DataException(
          "solving a design: column '"
              + names.get(q.dependent())
              + "' "
              + involved(q, names)
              + ". Expected columns that can be told apart: remove one of them, or correct the onsets "
              + "in the events file.");
    }
    return q;
  }

  private static String involved(Orthogonal q, List<String> names) {
    double[] share = q.dependence();
    double largest = 0;
    for (double s : share) {
      largest = Math.max(largest, Math.abs(s));
    }
    if (largest == 0) {
      return "is zero everywhere";
    }
    List<String> found = new ArrayList<>();
    int more = 0;
    for (int i = 0; i < share.length; i++) {
      if (Math.abs(share[i]) > 0.1 * largest) {
        if (found.size() < 6) {
          found.add("'" + names.get(i) + "'");
        } else {
          more++;
        }
      }
    }
    return "is the same as, or a sum of, "
        + String.join(", ", found)
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** {@code y_t - rho y_(t-1)}; the first volume stays as it is. */
  static double[] whiten(double[] values, double rho) {
    double[] out = values.clone();
    for (int t = 1; t < out.length; t++) {
      out[t] -= rho * values[t - 1];
    }
    return out;
  }

  /** The coefficient that volumes are whitened by. */
  double rho() {
    return rho;
  }

  /** {@code W} per trial, on whitened volumes: live. */
  double[][] weights() {
    return weights;
  }

  /** The orthonormal columns that the model explains, on whitened volumes: live. */
  double[][] explained() {
    return explained;
  }

  /** The same weights on volumes as recorded: {@code W L} with L the whitening. */
  double[][] weightsOnVolumes() {
    double[][] out = new double[weights.length][];
    for (int k = 0; k < weights.length; k++) {
      double[] w = weights[k].clone();
      for (int t = 0; t + 1 < w.length; t++) {
        w[t] -= rho * weights[k][t + 1];
      }
      out[k] = w;
    }
    return out;
  }
}
