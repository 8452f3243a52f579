package io.noesis.encoders.torch;

import io.noesis.run.Check;
import io.noesis.run.Parallel;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Svd;
import io.noesis.tensor.SymmetricEigen;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Dense algebra by the OpenBLAS that comes with libtorch. Products are cut into fixed tiles, each
 * one call on one of our threads, so that results are the same bits on any number of threads (of
 * one processor type: OpenBLAS picks its kernels by it). Decompositions are in float64 whatever the
 * precision of the products: Cholesky factors in tiles too, eigenvectors by LAPACK on one thread.
 * Operands are copied out of the heap for the time of one call.
 */
public final class NativeAlgebra implements Algebra {
  static {
    Blas.load(); // Tuned before the first operand is copied.
  }

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
  public Tensor multiplyRounded(Matrix a, Matrix b) {
    Check.size("rows of B in A·B with A " + a, a.columns(), b.rows());
    try (BlasOperand x = BlasOperand.of(a, precision);
        BlasOperand y = BlasOperand.of(b, precision)) {
      return rounded(x, y);
    }
  }

  @Override
  public Tensor transposedMultiplyRounded(Tensor a, Matrix b) {
    Check.size("rows of B in Aᵀ·B with A " + a.shape(), a.dim(0), b.rows());
    try (BlasOperand x = BlasOperand.of(a, precision);
        BlasOperand y = BlasOperand.of(b, precision)) {
      return rounded(x.flipped(), y);
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
  public Matrix gram(Matrix a) {
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
                  BlasOperand.tile(
                      x,
                      y,
                      new BlasOperand.Place(row, height, from, to - from, 0),
                      tile,
                      0,
                      to - from);
                  addSquares(tile, height, to - from, sums, from);
                }
              });
          return sums;
        });
  }

  @Override
  public double triangularSquares(Matrix a, Matrix lower) {
    Check.size("rows of L in A·L with A " + a, a.columns(), lower.rows());
    try (BlasOperand x = BlasOperand.of(a, precision);
        BlasOperand y = BlasOperand.of(lower, precision)) {
      int across = (lower.columns() + TILE_COLUMNS - 1) / TILE_COLUMNS;
      int down = (a.rows() + TILE_ROWS - 1) / TILE_ROWS;
      double[] sums = new double[across * down];
      Blas.onOneThread(
          () -> {
            Parallel.forBlocks(
                sums.length,
                1,
                (tile, end) -> sums[tile] = squares(x, y, tile / across, tile % across));
            return sums;
          });
      return Arrays.stream(sums).sum();
    }
  }

  /** Of one tile of X·L: above a column's own row L is zero. */
  private static double squares(BlasOperand x, BlasOperand lower, int down, int across) {
    int row = down * TILE_ROWS;
    int column = across * TILE_COLUMNS;
    int height = Math.min(TILE_ROWS, x.rows() - row);
    int width = Math.min(TILE_COLUMNS, lower.columns() - column);
    double[] tile = new double[height * width];
    BlasOperand.tile(
        x, lower, new BlasOperand.Place(row, height, column, width, column), tile, 0, width);
    double sum = 0;
    for (double value : tile) {
      sum += value * value;
    }
    return sum;
  }

  @Override
  public Matrix cholesky(Matrix s) {
    return Lapack.cholesky(s);
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
    tiles(
        a,
        b,
        false,
        place -> BlasOperand.tile(a, b, place, c.array(), place.start(c.columns()), c.columns()));
    return c;
  }

  private static Matrix symmetric(BlasOperand a, BlasOperand b) {
    int n = a.rows();
    Matrix c = Matrix.zeros(n, n);
    tiles(a, b, true, place -> BlasOperand.tile(a, b, place, c.array(), place.start(n), n));
    Lapack.mirror(c.array(), n);
    return c;
  }

  private static Tensor rounded(BlasOperand a, BlasOperand b) {
    int width = b.columns();
    float[] c = new float[Math.multiplyExact(a.rows(), width)];
    tiles(a, b, false, place -> BlasOperand.roundedTile(a, b, place, c, place.start(width), width));
    return Tensor.wrap(c, a.rows(), width);
  }

  /** All tiles of A·B, or those that touch or lie below the diagonal. */
  private static void tiles(
      BlasOperand a, BlasOperand b, boolean lower, Consumer<BlasOperand.Place> use) {
    int rows = a.rows();
    int columns = b.columns();
    int down = (rows + TILE_ROWS - 1) / TILE_ROWS;
    int across = (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
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
                int height = Math.min(TILE_ROWS, rows - row);
                if (!lower || column < row + height) {
                  int width = Math.min(TILE_COLUMNS, columns - column);
                  use.accept(new BlasOperand.Place(row, height, column, width, 0));
                }
              });
          return true;
        });
  }

  @Override
  public SymmetricEigen symmetricEigen(Matrix s) {
    return Lapack.symmetricEigen(s);
  }

  @Override
  public Svd svd(Matrix a) {
    return Lapack.svd(a);
  }

  @Override
  public Matrix inverseSpd(Matrix s) {
    return Lapack.inverseSpd(s);
  }

  @Override
  public Matrix solveSpd(Matrix s, Matrix b) {
    return Lapack.solveSpd(s, b);
  }
}
