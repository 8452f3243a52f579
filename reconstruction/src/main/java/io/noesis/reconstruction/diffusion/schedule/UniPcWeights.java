package io.noesis.reconstruction.diffusion.schedule;

/** The weights of UniPC's differences: theorem 3.1 of Zhao et al. (2023, arXiv:2302.04867). */
final class UniPcWeights {
  private UniPcWeights() {}

  /** B(h) for the (negative) step. */
  static double scale(double step, UniPc.Scale kind) {
    return kind == UniPc.Scale.BH1 ? step : Math.expm1(step);
  }

  /**
   * Solves {@code sum_k r_k^(i-1) rho_k = i! phi_(i+1)(step) step / B}, i = 1 .. unknowns, where
   * {@code phi_1 = (e^s - 1) / s} and {@code phi_(k+1) = (phi_k - 1/k!) / s}.
   */
  static double[] solve(double[] ratios, double step, UniPc.Scale kind, int unknowns) {
    double[][] system = new double[unknowns][unknowns + 1];
    double phi = Math.expm1(step) / step - 1;
    double factorial = 1;
    for (int i = 0; i < unknowns; i++) {
      for (int k = 0; k < unknowns; k++) {
        system[i][k] = Math.pow(ratios[k], i);
      }
      system[i][unknowns] = phi * factorial / scale(step, kind);
      factorial *= i + 2;
      phi = phi / step - 1 / factorial;
    }
    return eliminate(system);
  }

  /** Gaussian elimination with the largest pivot of each column. */
  private static double[] eliminate(double[][] system) {
    int n = system.length;
    for (int column = 0; column < n; column++) {
      int best = column;
      for (int row = column + 1; row < n; row++) {
        if (Math.abs(system[row][column]) > Math.abs(system[best][column])) {
          best = row;
        }
      }
      double[] swap = system[column];
      system[column] = system[best];
      system[best] = swap;
      for (int row = 0; row < n; row++) {
        double factor = row == column ? 0 : system[row][column] / system[column][column];
        for (int k = column; k <= n; k++) {
          system[row][k] -= factor * system[column][k];
        }
      }
    }
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = system[i][n] / system[i][i];
    }
    return out;
  }
}
