package io.noesis.encoders.ridge;

import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;

/**
 * Sums over some trials of x, y, xxᵀ, xyᵀ and y², of numbers less a shift near their means: all
 * that a ridge fit, and its errors on other trials, needs to know of them.
 */
final class Moments {
  private final double[] x;
  private final double[] y;
  private final double[] ySquares;
  private final Matrix xx;
  private final Matrix xy;
  private int count;

  Moments(int columns, int targets) {
    this.x = new double[columns];
    this.y = new double[targets];
    this.ySquares = new double[targets];
    this.xx = Matrix.zeros(columns, columns);
    this.xy = Matrix.zeros(columns, targets);
  }

  /** Adds trials. */
  void add(Tensor responses, Tensor targets, double[][] shift, Algebra algebra) {
    int n = responses.dim(0);
    Matrix turned = Matrix.zeros(x.length, n);
    for (int r = 0, i = 0; r < n; r++) {
      for (int c = 0; c < x.length; c++) {
        double value = responses.array()[i++] - shift[0][c];
        x[c] += value;
        turned.array()[c * n + r] = value;
      }
    }
    Matrix right = Matrix.zeros(n, y.length);
    for (int r = 0, i = 0; r < n; r++) {
      for (int t = 0; t < y.length; t++, i++) {
        double value = targets.array()[i] - shift[1][t];
        y[t] += value;
        ySquares[t] += value * value;
        right.array()[i] = value;
      }
    }
    count += n;
    add(xx.array(), algebra.gram(turned).array(), 1);
    add(xy.array(), algebra.multiply(turned, right).array(), 1);
  }

  private static void add(double[] sums, double[] values, int sign) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += sign * values[i];
    }
  }

  /** Adds or (with −1) takes away the trials of another. */
  void add(Moments other, int sign) {
    add(x, other.x, sign);
    add(y, other.y, sign);
    add(ySquares, other.ySquares, sign);
    add(xx.array(), other.xx.array(), sign);
    add(xy.array(), other.xy.array(), sign);
    count += sign * other.count;
  }

  int count() {
    return count;
  }

  /** Means of x, less the shift. */
  double[] xMeans() {
    return divided(x);
  }

  /** Means of y, less the shift. */
  double[] yMeans() {
    return divided(y);
  }

  private double[] divided(double[] sums) {
    double[] means = sums.clone();
    for (int i = 0; i < means.length; i++) {
      means[i] /= Math.max(1, count);
    }
    return means;
  }

  /** Σ(x − m)(x − m)ᵀ. */
  Matrix xxAbout(double[] m) {
    return about(xx, x, m, x, m);
  }

  /** Σ(x − m)(y − k)ᵀ. */
  Matrix xyAbout(double[] m, double[] k) {
    return about(xy, x, m, y, k);
  }

  private Matrix about(Matrix sums, double[] a, double[] m, double[] b, double[] k) {
    double[] out = sums.array().clone();
    for (int r = 0, i = 0; r < a.length; r++) {
      for (int c = 0; c < b.length; c++) {
        out[i++] += count * (m[r] * k[c]) - (m[r] * b[c] + a[r] * k[c]);
      }
    }
    return Matrix.wrap(a.length, b.length, out);
  }

  /** Σ(y − k)² of each target. */
  double[] ySquaresAbout(double[] k) {
    double[] out = ySquares.clone();
    for (int t = 0; t < out.length; t++) {
      out[t] = Math.max(0, out[t] - 2 * k[t] * y[t] + count * k[t] * k[t]);
    }
    return out;
  }
}
