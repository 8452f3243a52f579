package io.noesis.encoders.torch;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Svd;
import io.noesis.tensor.SymmetricEigen;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Decompositions in float64: eigenvectors and singular vectors by LAPACK on the calling thread
 * alone, Cholesky factors in tiles on all.
 */
final class Lapack {
  /** Elements copied by one task. */
  private static final int CHUNK = 1 << 15;

  /** Rows and columns that fit the first cache, read along one and written along the other. */
  private static final int SQUARE = 32;

  private Lapack() {}

  static SymmetricEigen symmetricEigen(Matrix s) {
    Check.argument(
        s.rows() == s.columns(),
        "eigenvalues of a symmetric matrix need as many rows as columns, found %s",
        s);
    requireFinite(s, "computing eigenvalues");
    int n = s.rows();
    double[] values = new double[n];
    if (n == 0) {
      return SymmetricEigen.wrap(values, s);
    }
    try (DoublePointer matrix = copy(s);
        DoublePointer found = new DoublePointer(n)) {
      require(
          Blas.onOneThread(
              () ->
                  openblas.LAPACKE_dsyevd(
                      openblas.LAPACK_COL_MAJOR, (byte) 'V', (byte) 'U', n, matrix, n, found)),
          "the eigenvalues of a symmetric " + s);
      found.get(values);
      return SymmetricEigen.wrap(values, transposed(matrix, n, n));
    }
  }

  static Svd svd(Matrix a) {
    requireFinite(a, "computing singular values");
    int n = a.rows();
    int k = a.columns();
    int r = Math.min(n, k);
    double[] values = new double[r];
    if (r == 0) {
      return Svd.wrap(Matrix.zeros(n, 0), values, Matrix.zeros(k, 0));
    }
    // Row-major A is column-major Aᵀ = V·S·Uᵀ: what LAPACK calls U is our V.
    try (DoublePointer matrix = copy(a);
        DoublePointer found = new DoublePointer(r);
        DoublePointer right = new DoublePointer((long) k * r);
        DoublePointer left = new DoublePointer((long) r * n)) {
      require(
          Blas.onOneThread(
              () ->
                  openblas.LAPACKE_dgesdd(
                      openblas.LAPACK_COL_MAJOR,
                      (byte) 'S',
                      k,
                      n,
                      matrix,
                      k,
                      found,
                      right,
                      k,
                      left,
                      r)),
          "the singular values of a " + a);
      found.get(values);
      double[] u = new double[n * r];
      left.get(u);
      return Svd.wrap(Matrix.wrap(n, r, u), values, transposed(right, r, k));
    }
  }

  static Matrix inverseSpd(Matrix s) {
    requireFinite(s, "inverting a symmetric matrix");
    int n = s.rows();
    double[] out = new double[n * n];
    if (n == 0) {
      return Matrix.wrap(0, 0, out);
    }
    try (DoublePointer matrix = copy(s)) {
      requireDefinite(TiledCholesky.invert(matrix, n), s);
      rows(matrix, out);
    }
    mirror(out, n);
    return Matrix.wrap(n, n, out);
  }

  /** Copies what is below the diagonal of {@code [n, n]} to above it, square by square. */
  static void mirror(double[] values, int n) {
    Parallel.forBlocks(
        n,
        SQUARE,
        (from, to) -> {
          for (int left = 0; left < to; left += SQUARE) {
            int right = Math.min(left + SQUARE, to);
            for (int r = from; r < to; r++) {
              for (int c = left; c < Math.min(right, r); c++) {
                values[c * n + r] = values[r * n + c];
              }
            }
          }
        });
  }

  static Matrix cholesky(Matrix s) {
    requireFinite(s, "factoring a symmetric matrix");
    int n = s.rows();
    double[] out = new double[n * n];
    if (n == 0) {
      return Matrix.wrap(0, 0, out);
    }
    try (DoublePointer matrix = copy(s)) {
      requireDefinite(TiledCholesky.factor(matrix, n), s);
      rows(matrix, out);
    }
    for (int r = 0; r < n; r++) {
      Arrays.fill(out, r * n + r + 1, (r + 1) * n, 0);
    }
    return Matrix.wrap(n, n, out);
  }

  private static void requireDefinite(boolean definite, Matrix s) {
    if (!definite) {
      throw new DataException(
          "solving a symmetric system of "
              + s
              + ": the matrix is not positive definite. Remove columns that depend on others, or"
              + " add a penalty.");
    }
  }

  static Matrix solveSpd(Matrix s, Matrix b) {
    Check.size("rows of B in S·X = B", s.rows(), b.rows());
    requireFinite(s, "solving a symmetric system");
    int n = s.rows();
    int m = b.columns();
    double[] x = new double[Math.multiplyExact(n, m)];
    if (x.length == 0) {
      return Matrix.wrap(n, m, x);
    }
    try (DoublePointer factor = copy(s);
        DoublePointer right = copy(b)) {
      int info =
          Blas.onOneThread(
              () -> {
                int failed =
                    openblas.LAPACKE_dpotrf(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, factor, n);
                if (failed == 0) {
                  // The upper factor by columns is the lower one by rows.
                  halfSolve(openblas_nolapack.CblasNoTrans, n, m, factor, right);
                  halfSolve(openblas_nolapack.CblasTrans, n, m, factor, right);
                }
                return failed;
              });
      requireDefinite(info == 0, s);
      right.get(x);
      return Matrix.wrap(n, m, x);
    }
  }

  private static void halfSolve(
      int layout, int n, int m, DoublePointer factor, DoublePointer right) {
    openblas_nolapack.cblas_dtrsm(
        openblas_nolapack.CblasRowMajor,
        openblas_nolapack.CblasLeft,
        openblas_nolapack.CblasLower,
        layout,
        openblas_nolapack.CblasNonUnit,
        n,
        m,
        1.0,
        factor,
        n,
        right,
        m);
  }

  private static DoublePointer copy(Matrix m) {
    double[] values = m.array();
    DoublePointer memory = new DoublePointer(Math.max(1, values.length));
    Parallel.forBlocks(
        values.length, CHUNK, (from, to) -> memory.getPointer(from).put(values, from, to - from));
    return memory;
  }

  private static void rows(DoublePointer memory, double[] out) {
    Parallel.forBlocks(
        out.length, CHUNK, (from, to) -> memory.getPointer(from).get(out, from, to - from));
  }

  /** The transpose of a row-major {@code rows x columns} matrix outside the heap. */
  private static Matrix transposed(DoublePointer memory, int rows, int columns) {
    double[] out = new double[Math.multiplyExact(rows, columns)];
    Parallel.forBlocks(
        rows,
        16,
        (from, to) -> {
          int count = to - from;
          double[] block = new double[count * columns];
          memory.getPointer((long) from * columns).get(block, 0, block.length);
          for (int c = 0; c < columns; c++) {
            for (int r = 0; r < count; r++) {
              out[c * rows + from + r] = block[r * columns + c];
            }
          }
        });
    return Matrix.wrap(columns, rows, out);
  }

  private static void require(int info, String what) {
    if (info != 0) {
      throw new DataException(
          "computing "
              + what
              + ": the iteration did not converge (LAPACK "
              + info
              + "). Check the scale of its values.");
    }
  }

  private static void requireFinite(Matrix m, String doing) {
    Check.argument(
        isFinite(m.array()),
        "%s of %s: every value must be finite; remove or repair such rows first",
        doing,
        m);
  }

  private static boolean isFinite(double[] values) {
    AtomicBoolean finite = new AtomicBoolean(true);
    Parallel.forBlocks(
        values.length,
        CHUNK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            if (!Double.isFinite(values[i])) {
              finite.set(false);
              return;
            }
          }
        });
    return finite.get();
  }
}
