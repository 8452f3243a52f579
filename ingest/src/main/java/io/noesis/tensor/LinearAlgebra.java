package io.noesis.tensor;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Dense linear algebra in float64. Products run on all threads of {@link io.noesis.run.Parallel};
 * each element is summed in ascending order, so results are the same bits on any number of threads.
 * Decompositions are EJML's, or Commons Math's where EJML's iteration does not converge. Arguments
 * are never changed; results belong to the caller.
 */
public final class LinearAlgebra {
  /** Distance from 1 to the next double, as in NumPy's rank tolerance. */
  private static final double EPSILON = Math.ulp(1.0);

  private LinearAlgebra() {}

  /**
   * A·B.
   *
   * @param a {@code [n, k]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  public static Matrix multiply(Matrix a, Matrix b) {
    Check.size("rows of B in A·B with A " + a, a.columns(), b.rows());
    return Product.of(Operand.of(a), Operand.of(b), Product.Part.ALL);
  }

  /**
   * A·Bᵀ.
   *
   * @param a {@code [n, k]}
   * @param b {@code [m, k]}
   * @return {@code [n, m]}
   */
  public static Matrix multiplyTransposed(Matrix a, Matrix b) {
    Check.size("columns of B in A·Bᵀ with A " + a, a.columns(), b.columns());
    return Product.of(Operand.of(a), Operand.transposed(b), Product.Part.ALL);
  }

  /**
   * Aᵀ·B.
   *
   * @param a {@code [k, n]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  public static Matrix transposedMultiply(Matrix a, Matrix b) {
    Check.size("rows of B in Aᵀ·B with A " + a, a.rows(), b.rows());
    return Product.of(Operand.transposed(a), Operand.of(b), Product.Part.ALL);
  }

  /**
   * A·Aᵀ, exactly symmetric.
   *
   * @param a {@code [n, k]}
   * @return {@code [n, n]}
   */
  public static Matrix gram(Matrix a) {
    return Product.of(Operand.of(a), Operand.transposed(a), Product.Part.SYMMETRIC);
  }

  /**
   * Aᵀ·A, exactly symmetric.
   *
   * @param a {@code [k, n]}
   * @return {@code [n, n]}
   */
  public static Matrix transposedGram(Matrix a) {
    return Product.of(Operand.transposed(a), Operand.of(a), Product.Part.SYMMETRIC);
  }

  /**
   * A·Aᵀ of a float32 tensor in float64, exactly symmetric, without a float64 copy of A.
   *
   * @param a {@code [n, k]}
   * @return {@code [n, n]}
   */
  public static Matrix gram(Tensor a) {
    requireMatrix(a);
    return Product.of(Operand.of(a), Operand.transposed(a), Product.Part.SYMMETRIC);
  }

  /**
   * Aᵀ·A of a float32 tensor in float64, exactly symmetric, without a float64 copy of A.
   *
   * @param a {@code [k, n]}
   * @return {@code [n, n]}
   */
  public static Matrix transposedGram(Tensor a) {
    requireMatrix(a);
    return Product.of(Operand.transposed(a), Operand.of(a), Product.Part.SYMMETRIC);
  }

  /**
   * A·B with A in float32, in float64.
   *
   * @param a {@code [n, k]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  public static Matrix multiply(Tensor a, Matrix b) {
    requireMatrix(a);
    Check.size("rows of B in A·B with A " + a, a.dim(1), b.rows());
    return Product.of(Operand.of(a), Operand.of(b), Product.Part.ALL);
  }

  /**
   * Aᵀ·B with A in float32, in float64.
   *
   * @param a {@code [k, n]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  public static Matrix transposedMultiply(Tensor a, Matrix b) {
    requireMatrix(a);
    Check.size("rows of B in Aᵀ·B with A " + a, a.dim(0), b.rows());
    return Product.of(Operand.transposed(a), Operand.of(b), Product.Part.ALL);
  }

  /**
   * A·B of float32 tensors, kept in float64.
   *
   * @param a {@code [n, k]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  public static Matrix multiplyInDouble(Tensor a, Tensor b) {
    requireMatrix(a);
    requireMatrix(b);
    Check.size("rows of B in A·B with A " + a, a.dim(1), b.dim(0));
    return Product.of(Operand.of(a), Operand.of(b), Product.Part.ALL);
  }

  /**
   * A·B of float32 tensors, summed in float64.
   *
   * @param a {@code [n, k]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  public static Tensor multiply(Tensor a, Tensor b) {
    return multiplyInDouble(a, b).toTensor();
  }

  /**
   * A·Bᵀ of float32 tensors, summed in float64: similarities of queries and candidates.
   *
   * @param a {@code [queries, width]}
   * @param b {@code [candidates, width]}
   * @return {@code [queries, candidates]}
   */
  public static Tensor multiplyTransposed(Tensor a, Tensor b) {
    requireMatrix(a);
    requireMatrix(b);
    Check.size("columns of B in A·Bᵀ with A " + a, a.dim(1), b.dim(1));
    return Product.of(Operand.of(a), Operand.transposed(b), Product.Part.ALL).toTensor();
  }

  /**
   * The eigenvalues and eigenvectors of a symmetric matrix.
   *
   * @param s symmetric {@code [n, n]}; only read, its lower triangle decides
   * @return S = V·diag(values)·Vᵀ, values ascending
   * @throws DataException when it has values that are not finite
   */
  public static SymmetricEigen symmetricEigen(Matrix s) {
    requireSquare(s, "eigenvalues of a symmetric matrix");
    requireFinite(s, "computing eigenvalues");
    return SymmetricEigen.of(s);
  }

  /**
   * Solves S·X = B by Cholesky.
   *
   * @param s symmetric positive definite {@code [n, n]}
   * @param b {@code [n, m]}
   * @return X {@code [n, m]}
   * @throws DataException when S is not positive definite
   */
  public static Matrix solveSpd(Matrix s, Matrix b) {
    requireSquare(s, "solving S·X = B");
    Check.size("rows of B in S·X = B", s.rows(), b.rows());
    Matrix x = Matrix.zeros(b.rows(), b.columns());
    if (x.array().length > 0) {
      cholesky(s).solve(DMatrixRMaj.wrap(b.rows(), b.columns(), b.array()), wrap(x));
    }
    return x;
  }

  /**
   * The inverse of a symmetric positive definite matrix, by Cholesky.
   *
   * @param s {@code [n, n]}
   * @return {@code [n, n]}
   * @throws DataException when S is not positive definite
   */
  public static Matrix inverseSpd(Matrix s) {
    requireSquare(s, "inverting a symmetric matrix");
    Matrix inverse = Matrix.zeros(s.rows(), s.rows());
    if (s.rows() > 0) {
      cholesky(s).invert(wrap(inverse));
    }
    return inverse;
  }

  /**
   * The lower triangular factor of a symmetric positive definite matrix, S = L·Lᵀ.
   *
   * @param s {@code [n, n]}; its lower triangle decides
   * @return L {@code [n, n]}, zero above the diagonal
   * @throws DataException when S is not positive definite
   */
  public static Matrix choleskyFactor(Matrix s) {
    requireSquare(s, "factoring a symmetric matrix");
    requireFinite(s, "factoring a symmetric matrix");
    var factoring = DecompositionFactory_DDRM.chol(s.rows(), true);
    if (s.rows() > 0 && !factoring.decompose(wrap(s).copy())) {
      throw notPositiveDefinite(s);
    }
    return s.rows() == 0 ? Matrix.zeros(0, 0) : unwrap(factoring.getT(null));
  }

  private static DataException notPositiveDefinite(Matrix s) {
    return new DataException(
        "solving a symmetric system of "
            + s
            + ": the matrix is not positive definite. Remove columns that depend on others, or add a penalty.");
  }

  /**
   * The X that minimises ‖A·X − B‖² (and, where several do, also ‖X‖²). Full column rank goes
   * through Householder QR. Rank deficiency, or fewer rows than columns, goes through the singular
   * values, of which those up to ε·max(n, k)·largest count as zero (as in NumPy's {@code lstsq}).
   *
   * @param a {@code [n, k]}
   * @param b {@code [n, m]}
   * @return X {@code [k, m]} and the rank that was found
   * @throws DataException when A or B has values that are not finite
   */
  public static LeastSquares leastSquares(Matrix a, Matrix b) {
    Check.size("rows of B in A·X = B with A " + a, a.rows(), b.rows());
    requireFinite(a, "solving least squares");
    requireFinite(b, "solving least squares");
    int n = a.rows();
    int k = a.columns();
    if (n == 0 || k == 0) {
      return new LeastSquares(Matrix.zeros(k, b.columns()), 0);
    }
    if (n >= k) {
      QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(n, k);
      qr.decompose(wrap(a).copy());
      DMatrixRMaj r = qr.getR(null, true);
      if (isWellConditioned(r, n)) {
        Matrix q = unwrap(qr.getQ(null, true));
        Matrix x = transposedMultiply(q, b);
        backSubstitute(r, x);
        return new LeastSquares(x, k);
      }
    }
    Svd svd = svd(a);
    double[] s = svd.values();
    double smallest = s[0] * EPSILON * Math.max(n, k);
    Matrix x = transposedMultiply(svd.u(), b);
    int rank = 0;
    for (int i = 0; i < s.length; i++) {
      boolean kept = s[i] > smallest;
      rank += kept ? 1 : 0;
      for (int j = 0; j < x.columns(); j++) {
        x.array()[i * x.columns() + j] *= kept ? 1 / s[i] : 0;
      }
    }
    return new LeastSquares(multiply(svd.v(), x), rank);
  }

  /**
   * The thin singular value decomposition A = U·diag(values)·Vᵀ with r = min(n, k).
   *
   * @param a {@code [n, k]}
   * @return U {@code [n, r]}, values descending, V {@code [k, r]}
   * @throws DataException when A has values that are not finite
   */
  public static Svd svd(Matrix a) {
    requireFinite(a, "computing singular values");
    return Svd.of(a);
  }

  private static LinearSolverDense<DMatrixRMaj> cholesky(Matrix s) {
    requireFinite(s, "solving a symmetric system");
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(s.rows());
    if (!solver.setA(wrap(s).copy())) {
      throw notPositiveDefinite(s);
    }
    return solver;
  }

  private static boolean isWellConditioned(DMatrixRMaj r, int rows) {
    double largest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < r.numCols; i++) {
      largest = Math.max(largest, Math.abs(r.get(i, i)));
      smallest = Math.min(smallest, Math.abs(r.get(i, i)));
    }
    // Unpivoted R hides small singular values by a modest factor; the margin sends doubt to the
    // SVD.
    return smallest > 1e3 * EPSILON * rows * largest;
  }

  private static void backSubstitute(DMatrixRMaj r, Matrix x) {
    double[] values = x.array();
    int width = x.columns();
    for (int i = x.rows() - 1; i >= 0; i--) {
      for (int k = i + 1; k < x.rows(); k++) {
        double factor = r.get(i, k);
        for (int j = 0; j < width; j++) {
          values[i * width + j] -= factor * values[k * width + j];
        }
      }
      double diagonal = r.get(i, i);
      for (int j = 0; j < width; j++) {
        values[i * width + j] /= diagonal;
      }
    }
  }

  static DMatrixRMaj wrap(Matrix m) {
    return DMatrixRMaj.wrap(m.rows(), m.columns(), m.array());
  }

  static Matrix unwrap(DMatrixRMaj m) {
    int size = m.numRows * m.numCols;
    return m.data.length == size
        ? Matrix.wrap(m.numRows, m.numCols, m.data)
        : Matrix.wrap(m.numRows, m.numCols, java.util.Arrays.copyOf(m.data, size));
  }

  private static void requireMatrix(Tensor t) {
    Check.argument(t.shape().rank() == 2, "a product needs rank 2, found shape %s", t.shape());
  }

  private static void requireSquare(Matrix m, String doing) {
    Check.argument(m.rows() == m.columns(), "%s needs as many rows as columns, found %s", doing, m);
  }

  private static void requireFinite(Matrix m, String doing) {
    if (CommonOps_DDRM.elementSumAbs(wrap(m)) < Double.POSITIVE_INFINITY) {
      return;
    }
    double[] values = m.array();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new DataException(
            doing
                + ": row "
                + i / m.columns()
                + ", column "
                + i % m.columns()
                + " of "
                + m
                + " is "
                + values[i]
                + "; finite numbers are needed. Remove or repair such rows first.");
      }
    }
  }
}
