package io.noesis.tensor;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import java.util.stream.IntStream;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** The decomposition S = V·diag(values)·Vᵀ of a symmetric matrix. Immutable. */
public final class SymmetricEigen {
  private final double[] values;
  private final Matrix vectors;

  private SymmetricEigen(double[] values, Matrix vectors) {
    this.values = values;
    this.vectors = vectors;
  }

  /**
   * A decomposition that was computed elsewhere, without copying.
   *
   * @param values ascending
   * @param vectors of length 1, in the columns of {@code [n, values]}
   * @return the decomposition
   */
  public static SymmetricEigen wrap(double[] values, Matrix vectors) {
    Check.size("eigenvectors of " + values.length + " values", values.length, vectors.columns());
    return new SymmetricEigen(values, vectors);
  }

  static SymmetricEigen of(Matrix s) {
    int n = s.rows();
    if (n == 0) {
      return new SymmetricEigen(new double[0], s);
    }
    EigenDecomposition_F64<DMatrixRMaj> eig = DecompositionFactory_DDRM.eig(n, true, true);
    if (!eig.decompose(LinearAlgebra.wrap(s).copy())) {
      return slower(s);
    }
    double[] found = new double[n];
    double[][] columns = new double[n][];
    for (int i = 0; i < n; i++) {
      found[i] = eig.getEigenvalue(i).real;
      columns[i] = eig.getEigenVector(i).data;
    }
    return ascending(found, columns);
  }

  /**
   * By Commons Math: where most eigenvalues are alike, as those of few rows that recur, EJML's
   * iteration may not converge.
   */
  private static SymmetricEigen slower(Matrix s) {
    int n = s.rows();
    double[][] rows = new double[n][n];
    for (int r = 0; r < n; r++) {
      for (int c = 0; c <= r; c++) {
        // It takes only what is symmetric to the last bit as symmetric.
        rows[r][c] = s.array()[r * n + c];
        rows[c][r] = rows[r][c];
      }
    }
    try {
      EigenDecomposition eig = new EigenDecomposition(new Array2DRowRealMatrix(rows, false));
      return ascending(eig.getRealEigenvalues(), eig.getVT().getData());
    } catch (MathIllegalStateException e) {
      throw new DataException(
          "computing the eigenvalues of a symmetric "
              + s
              + ": the iteration did not converge. Check the scale of its values.",
          e);
    }
  }

  private static SymmetricEigen ascending(double[] found, double[][] columns) {
    int n = found.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted((i, j) -> Double.compare(found[i], found[j]))
            .mapToInt(i -> i)
            .toArray();
    double[] ascending = new double[n];
    Matrix vectors = Matrix.zeros(n, n);
    for (int c = 0; c < n; c++) {
      ascending[c] = found[order[c]];
      double[] vector = columns[order[c]];
      for (int r = 0; r < n; r++) {
        vectors.array()[r * n + c] = vector[r];
      }
    }
    return new SymmetricEigen(ascending, vectors);
  }

  /** The eigenvalues, ascending, in a new array. */
  public double[] values() {
    return values.clone();
  }

  /** The eigenvectors of length 1, in the columns of {@code [n, n]}, in the order of the values. */
  public Matrix vectors() {
    return vectors;
  }
}
