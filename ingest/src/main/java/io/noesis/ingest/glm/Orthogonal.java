package io.noesis.ingest.glm;

/**
 * An orthonormal basis of some columns, {@code X D = Q R} with D the inverse column norms, by
 * Gram-Schmidt done twice, which is orthogonal to machine precision (Giraud et al. 2005,
 * doi:10.1007/s00211-005-0615-4). Columns keep their order, so the first one that depends on its
 * predecessors can be named.
 */
final class Orthogonal {
  /** Sine of the angle to the other columns below which a column counts as dependent. */
  static final double DEPENDENT = 1e-7;

  private final double[][] basis;
  private final double[][] r;
  private final double[] norms;
  private final int dependent;

  private Orthogonal(double[][] basis, double[][] r, double[] norms, int dependent) {
    this.basis = basis;
    this.r = r;
    this.norms = norms;
    this.dependent = dependent;
  }

  /**
   * Decomposes up to the first dependent column.
   *
   * @param columns the columns, not modified
   */
  static Orthogonal of(double[][] columns) {
    int p = columns.length;
    double[][] basis = new double[p][];
    double[][] r = new double[p][p];
    double[] norms = new double[p];
    for (int j = 0; j < p; j++) {
      norms[j] = Math.sqrt(dot(columns[j], columns[j]));
      double[] v = columns[j].clone();
      if (norms[j] == 0) {
        return new Orthogonal(basis, r, norms, j);
      }
      scale(v, 1 / norms[j]);
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < j; i++) {
          double share = dot(basis[i], v);
          add(v, -share, basis[i]);
          r[i][j] += share;
        }
      }
      r[j][j] = Math.sqrt(dot(v, v));
      if (r[j][j] < DEPENDENT) {
        return new Orthogonal(basis, r, norms, j);
      }
      scale(v, 1 / r[j][j]);
      basis[j] = v;
    }
    return new Orthogonal(basis, r, norms, -1);
  }

  /** The first column that is zero or depends on earlier ones, or -1. */
  int dependent() {
    return dependent;
  }

  /** How the dependent column is put together from unit-length earlier ones. */
  double[] dependence() {
    double[] c = new double[dependent];
    for (int i = dependent - 1; i >= 0; i--) {
      double value = r[i][dependent];
      for (int k = i + 1; k < dependent; k++) {
        value -= r[i][k] * c[k];
      }
      c[i] = value / r[i][i];
    }
    return c;
  }

  /** The orthonormal columns: live. */
  double[][] basis() {
    return basis;
  }

  /**
   * The rows {@code first .. first + count - 1} of the pseudo-inverse of the columns.
   *
   * @return one array of length n per row
   */
  double[][] pseudoInverse(int first, int count) {
    double[][] inverse = inverseOfR();
    double[][] rows = new double[count][];
    for (int k = 0; k < count; k++) {
      double[] row = new double[basis[0].length];
      for (int j = first + k; j < basis.length; j++) {
        add(row, inverse[first + k][j], basis[j]);
      }
      scale(row, 1 / norms[first + k]);
      rows[k] = row;
    }
    return rows;
  }

  /**
   * The largest over the smallest singular value of the columns at unit length (Belsley, Kuh and
   * Welsch 1980), by power iteration on {@code R'R} and its inverse.
   */
  double conditionNumber() {
    return Math.sqrt(largestOfGram(r) * largestOfGram(inverseOfR()));
  }

  private double[][] inverseOfR() {
    int p = r.length;
    double[][] inverse = new double[p][p];
    for (int j = 0; j < p; j++) {
      inverse[j][j] = 1 / r[j][j];
      for (int i = j - 1; i >= 0; i--) {
        double sum = 0;
        for (int k = i + 1; k <= j; k++) {
          sum += r[i][k] * inverse[k][j];
        }
        inverse[i][j] = -sum / r[i][i];
      }
    }
    return inverse;
  }

  /** The largest eigenvalue of A A' of an upper triangle A. */
  private static double largestOfGram(double[][] a) {
    int p = a.length;
    double[] v = new double[p];
    for (int i = 0; i < p; i++) {
      v[i] = 1 + 1.0 / (i + 1);
    }
    double value = 0;
    for (int round = 0; round < 500; round++) {
      double[] w = new double[p];
      for (int i = 0; i < p; i++) {
        add(w, v[i], a[i]);
      }
      double[] next = new double[p];
      for (int i = 0; i < p; i++) {
        next[i] = dot(a[i], w);
      }
      double before = value;
      value = Math.sqrt(dot(next, next));
      scale(next, 1 / value);
      v = next;
      if (Math.abs(value - before) <= 1e-9 * value) {
        break;
      }
    }
    return value;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  static void scale(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }
}
