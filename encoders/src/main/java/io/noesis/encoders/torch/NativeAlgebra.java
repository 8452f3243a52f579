package io.noesis.encoders.torch;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Svd;
import io.noesis.tensor.SymmetricEigen;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Dense algebra by the OpenBLAS that comes with libtorch. Products are cut into fixed tiles, each
 * one call on one of our threads, so that results are the same bits on any number of threads (of
 * one processor type: OpenBLAS picks its kernels by it). Decompositions are LAPACK's, in float64 on
 * one thread, whatever the precision of the products. Operands are copied out of the heap for the
 * time of one call.
 */
public final class NativeAlgebra implements Algebra {
  private static final int TILE_ROWS = 384;
  private static final int TILE_COLUMNS = 512;

  private final Precision precision;

  /**
   * The algebra.
   *
   * @param precision in which products are summed; results are handed out in float64 either way
   */
  public NativeAlgebra(Precision precision) {
    this.precision = precision;
  }

  @Override
  public Matrix multiply(Matrix a, Matrix b) {
    Check.size("rows of B in A·B with A " + a, a.columns(), b.rows());
    try (BlasOperand x = BlasOperand.of(a, precision);
        BlasOperand y = BlasOperand.of(b, precision)) {
      return product(x, y);
    }
  }

  @Override
  public Matrix multiply(Tensor a, Matrix b) {
    Check.size("rows of B in A·B with A " + a.shape(), a.dim(1), b.rows());
    try (BlasOperand x = BlasOperand.of(a, precision);
        BlasOperand y = BlasOperand.of(b, precision)) {
      return product(x, y);
    }
  }

  @Override
  public Matrix transposedMultiply(Matrix a, Matrix b) {
    Check.size("rows of B in Aᵀ·B with A " + a, a.rows(), b.rows());
    try (BlasOperand x = BlasOperand.transposed(a, precision);
        BlasOperand y = BlasOperand.of(b, precision)) {
      return product(x, y);
    }
  }

  @Override
  public Matrix transposedMultiply(Tensor a, Matrix b) {
    Check.size("rows of B in Aᵀ·B with A " + a.shape(), a.dim(0), b.rows());
    try (BlasOperand x = BlasOperand.of(a, precision);
        BlasOperand y = BlasOperand.of(b, precision)) {
      return product(x.flipped(), y);
    }
  }

  @Override
  public Matrix multiplyTransposed(Matrix a, Matrix b) {
    Check.size("columns of B in A·Bᵀ with A " + a, a.columns(), b.columns());
    try (BlasOperand x = BlasOperand.of(a, precision);
        BlasOperand y = BlasOperand.transposed(b, precision)) {
      return product(x, y);
    }
  }

  @Override
  public Matrix gram(Tensor a) {
    try (BlasOperand x = BlasOperand.of(a, precision)) {
      return symmetric(x, x.flipped());
    }
  }

  @Override
  public Matrix transposedGram(Tensor a) {
    try (BlasOperand x = BlasOperand.of(a, precision)) {
      return symmetric(x.flipped(), x);
    }
  }

  @Override
  public double[][] columnSquares(List<Matrix> as, Matrix b) {
    double[][] sums = new double[as.size()][];
    try (BlasOperand y = BlasOperand.of(b, precision)) {
      for (int i = 0; i < sums.length; i++) {
        Check.size("rows of B in A·B with A " + as.get(i), as.get(i).columns(), b.rows());
        try (BlasOperand x = BlasOperand.of(as.get(i), precision)) {
          sums[i] = columnSquares(x, y);
        }
      }
    }
    return sums;
  }

  private static double[] columnSquares(BlasOperand x, BlasOperand y) {
    double[] sums = new double[y.columns()];
    if (x.rows() == 0 || x.columns() == 0) {
      return sums;
    }
    return Blas.onOneThread(
        () -> {
          Parallel.forBlocks(
              sums.length,
              TILE_COLUMNS,
              (from, to) -> {
                double[] tile = new double[TILE_ROWS * (to - from)];
                for (int row = 0; row < x.rows(); row += TILE_ROWS) {
                  int height = Math.min(TILE_ROWS, x.rows() - row);
                  BlasOperand.tile(x, y, row, height, from, to - from, tile);
                  addSquares(tile, height, to - from, sums, from);
                }
              });
          return sums;
        });
  }

  private static void addSquares(double[] tile, int height, int width, double[] sums, int at) {
    for (int r = 0, i = 0; r < height; r++) {
      for (int c = 0; c < width; c++, i++) {
        sums[at + c] += tile[i] * tile[i];
      }
    }
  }

  private static Matrix product(BlasOperand a, BlasOperand b) {
    Matrix c = Matrix.zeros(a.rows(), b.columns());
    tiles(a, b, c, false);
    return c;
  }

  private static Matrix symmetric(BlasOperand a, BlasOperand b) {
    Matrix c = Matrix.zeros(a.rows(), a.rows());
    tiles(a, b, c, true);
    double[] values = c.array();
    int n = c.rows();
    Parallel.forBlocks(
        n,
        64,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            for (int j = i + 1; j < n; j++) {
              values[i * n + j] = values[j * n + i];
            }
          }
        });
    return c;
  }

  /** All tiles, or those that touch or lie below the diagonal. */
  private static void tiles(BlasOperand a, BlasOperand b, Matrix c, boolean lower) {
    int down = (c.rows() + TILE_ROWS - 1) / TILE_ROWS;
    int across = (c.columns() + TILE_COLUMNS - 1) / TILE_COLUMNS;
    if (a.columns() == 0) {
      return;
    }
    Blas.onOneThread(
        () -> {
          Parallel.forBlocks(
              Math.multiplyExact(down, across),
              1,
              (from, to) -> {
                int row = from / across * TILE_ROWS;
                int column = from % across * TILE_COLUMNS;
                int height = Math.min(TILE_ROWS, c.rows() - row);
                int width = Math.min(TILE_COLUMNS, c.columns() - column);
                if (lower && column >= row + height) {
                  return;
                }
                double[] tile = new double[height * width];
                BlasOperand.tile(a, b, row, height, column, width, tile);
                for (int r = 0; r < height; r++) {
                  System.arraycopy(
                      tile, r * width, c.array(), (row + r) * c.columns() + column, width);
                }
              });
          return c;
        });
  }

  @Override
  public SymmetricEigen symmetricEigen(Matrix s) {
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

  @Override
  public Svd svd(Matrix a) {
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

  @Override
  public Matrix inverseSpd(Matrix s) {
    requireFinite(s, "inverting a symmetric matrix");
    int n = s.rows();
    double[] out = new double[n * n];
    if (n == 0) {
      return Matrix.wrap(0, 0, out);
    }
    try (DoublePointer matrix = copy(s)) {
      int info =
          Blas.onOneThread(
              () -> {
                int failed =
                    openblas.LAPACKE_dpotrf(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, matrix, n);
                return failed != 0
                    ? failed
                    : openblas.LAPACKE_dpotri(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, matrix, n);
              });
      requireDefinite(info, s);
      matrix.get(out);
    }
    // The upper triangle by columns is the lower one by rows.
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < r; c++) {
        out[c * n + r] = out[r * n + c];
      }
    }
    return Matrix.wrap(n, n, out);
  }

  private static void requireDefinite(int info, Matrix s) {
    if (info != 0) {
      throw new DataException(
          "solving a symmetric system of "
              + s
              + ": the matrix is not positive definite. Remove columns that depend on others, or"
              + " add a penalty.");
    }
  }

  @Override
  public Matrix solveSpd(Matrix s, Matrix b) {
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
      requireDefinite(info, s);
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
    DoublePointer memory = new DoublePointer(Math.max(1, m.array().length));
    memory.put(m.array(), 0, m.array().length);
    return memory;
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
    double sum = Arrays.stream(m.array()).map(Math::abs).sum();
    Check.argument(
        sum < Double.POSITIVE_INFINITY,
        "%s of %s: every value must be finite; remove or repair such rows first",
        doing,
        m);
  }
}
