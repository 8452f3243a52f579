package io.noesis.tensor;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

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

  static Svd of(Matrix a) {
    int r = Math.min(a.rows(), a.columns());
    if (r == 0) {
      return new Svd(Matrix.zeros(a.rows(), 0), new double[0], Matrix.zeros(a.columns(), 0));
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(a.rows(), a.columns(), true, true, true);
    if (!svd.decompose(LinearAlgebra.wrap(a).copy())) {
      return slower(a);
    }
    return sorted(
        LinearAlgebra.unwrap(svd.getU(null, false)),
        svd.getSingularValues(),
        LinearAlgebra.unwrap(svd.getV(null, false)),
        r);
  }

  /** By Commons Math, for the same reason as eigenvalues: {@link SymmetricEigen}. */
  private static Svd slower(Matrix a) {
    double[][] rows = new double[a.rows()][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = Arrays.copyOfRange(a.array(), r * a.columns(), (r + 1) * a.columns());
    }
    try {
      SingularValueDecomposition svd =
          new SingularValueDecomposition(new Array2DRowRealMatrix(rows, false));
      return wrap(matrix(svd.getU()), svd.getSingularValues(), matrix(svd.getV()));
    } catch (MathIllegalStateException e) {
      throw new DataException(
          "computing the singular values of a "
              + a
              + ": the iteration did not converge. Check the scale of its columns.",
          e);
    }
  }

  private static Matrix matrix(RealMatrix m) {
    double[] out = new double[m.getRowDimension() * m.getColumnDimension()];
    for (int r = 0; r < m.getRowDimension(); r++) {
      System.arraycopy(m.getRow(r), 0, out, r * m.getColumnDimension(), m.getColumnDimension());
    }
    return Matrix.wrap(m.getRowDimension(), m.getColumnDimension(), out);
  }

  private static Svd sorted(Matrix u, double[] values, Matrix v, int r) {
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
