package io.noesis.ingest.signal;

/** Polynomials in time, orthonormal over the rows (modified Gram-Schmidt, done twice). */
final class PolynomialBasis {
  private PolynomialBasis() {}

  /**
   * @param rows how many points in time, more than the degree
   * @param degree the highest power
   * @return {@code [degree + 1][rows]}
   */
  static double[][] orthonormal(int rows, int degree) {
    double[][] basis = new double[degree + 1][rows];
    for (int p = 0; p <= degree; p++) {
      for (int t = 0; t < rows; t++) {
        double time = rows == 1 ? 0 : 2.0 * t / (rows - 1) - 1;
        basis[p][t] = p == 0 ? 1 : basis[p - 1][t] * time;
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int q = 0; q < p; q++) {
          double overlap = dot(basis[p], basis[q]);
          for (int t = 0; t < rows; t++) {
            basis[p][t] -= overlap * basis[q][t];
          }
        }
      }
      double norm = Math.sqrt(dot(basis[p], basis[p]));
      for (int t = 0; t < rows; t++) {
        basis[p][t] /= norm;
      }
    }
    return basis;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int t = 0; t < a.length; t++) {
      sum += a[t] * b[t];
    }
    return sum;
  }
}
