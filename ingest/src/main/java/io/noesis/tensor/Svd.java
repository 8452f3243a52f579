package io.noesis.tensor;

import io.noesis.run.Check;
import java.util.stream.IntStream;

/** A thin singular value decomposition A = U·diag(values)·Vᵀ. Immutable. */
public final class Svd {
  private final Matrix u;
  private final double[] values;
  private final Matrix v;

  Svd(Matrix u, double[] values, Matrix v) {
    this.u = u;
    this.values = values;
    this.v = v;
  }

  /**
   * A decomposition that was computed elsewhere, without copying.
   *
   * @param u left vectors {@code [n, r]}
   * @param values descending
   * @param v right vectors {@code [k, r]}
   * @return the decomposition
   */
  public static Svd wrap(Matrix u, double[] values, Matrix v) {
    Check.size("left vectors of " + values.length + " singular values", values.length, u.columns());
    Check.size(
        "right vectors of " + values.length + " singular values", values.length, v.columns());
    return new Svd(u, values, v);
  }

  static Svd sorted(Matrix u, double[] values, Matrix v, int r) {
    int[] order =
        IntStream.range(0, r)
            .boxed()
            .sorted((i, j) -> Double.compare(values[j], values[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] descending = new double[r];
    for (int i = 0; i < r; i++) {
      descending[i] = values[order[i]];
    }
    return new Svd(columns(u, order), descending, columns(v, order));
  }

  static Matrix columns(Matrix m, int[] order) {
    Matrix out = Matrix.zeros(m.rows(), order.length);
    for (int row = 0; row < m.rows(); row++) {
      for (int c = 0; c < order.length; c++) {
        out.array()[row * order.length + c] = m.at(row, order[c]);
      }
    }
    return out;
  }

  /** The left singular vectors, in the columns of {@code [n, r]}. */
  public Matrix u() {
    return u;
  }

  /** The singular values, descending, in a new array. */
  public double[] values() {
    return values.clone();
  }

  /** The right singular vectors, in the columns of {@code [k, r]}. */
  public Matrix v() {
    return v;
  }
}
