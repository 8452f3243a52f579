package io.noesis.encoders.torch;

import io.noesis.run.Parallel;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Cholesky factors and inverses of one symmetric positive definite matrix in tiles (Golub and Van
 * Loan, Matrix Computations, 4.2.9): products of tiles, each one call on one of our threads, so
 * that the bits do not depend on how many threads there are, and all of them are busy. Works on
 * row-major float64 memory outside the heap that its caller owns.
 */
final class TiledCholesky {
  private static final int TILE = 256;

  private static final int ROWS = openblas_nolapack.CblasRowMajor;
  private static final int LOWER = openblas_nolapack.CblasLower;
  private static final int AS_IS = openblas_nolapack.CblasNoTrans;
  private static final int TRANSPOSED = openblas_nolapack.CblasTrans;
  private static final int NON_UNIT = openblas_nolapack.CblasNonUnit;

  private final DoublePointer memory;
  private final int n;

  /** How many tiles there are on a side. */
  private final int count;

  private TiledCholesky(DoublePointer memory, int n) {
    this.memory = memory;
    this.n = n;
    this.count = (n + TILE - 1) / TILE;
  }

  /**
   * L of S = L·Lᵀ in the place of the lower triangle of S; what is above the diagonal is not
   * defined.
   *
   * @param s {@code [n, n]}
   * @param n rows, at least 1
   * @return whether S is positive definite
   */
  static boolean factor(DoublePointer s, int n) {
    return Blas.onOneThread(() -> new TiledCholesky(s, n).factor());
  }

  /**
   * S⁻¹ in the place of S: its lower triangle; what is above the diagonal is not defined.
   *
   * @param s {@code [n, n]}
   * @param n rows, at least 1
   * @return whether S is positive definite
   */
  static boolean invert(DoublePointer s, int n) {
    return Blas.onOneThread(
        () -> {
          TiledCholesky lower = new TiledCholesky(s, n);
          if (!lower.factor()) {
            return false;
          }
          try (DoublePointer memory = new DoublePointer((long) n * n)) {
            TiledCholesky inverse = new TiledCholesky(memory, n);
            inverse.becomeInverse(lower);
            lower.becomeSquare(inverse);
          }
          return true;
        });
  }

  private int size(int tile) {
    return Math.min(TILE, n - tile * TILE);
  }

  private DoublePointer at(int row, int column) {
    return memory.getPointer(((long) row * n + column) * TILE);
  }

  private boolean factor() {
    for (int k = 0; k < count; k++) {
      int own = k;
      // The upper triangle by columns is the lower one by rows.
      int info =
          openblas.LAPACKE_dpotrf(openblas.LAPACK_COL_MAJOR, (byte) 'U', size(k), at(k, k), n);
      if (info != 0) {
        return false;
      }
      int below = count - k - 1;
      Parallel.forBlocks(
          below,
          1,
          (i, end) ->
              openblas_nolapack.cblas_dtrsm(
                  ROWS,
                  openblas_nolapack.CblasRight,
                  LOWER,
                  TRANSPOSED,
                  NON_UNIT,
                  size(own + 1 + i),
                  size(own),
                  1.0,
                  at(own, own),
                  n,
                  at(own + 1 + i, own),
                  n));
      Parallel.forBlocks(
          below * below,
          1,
          (pair, end) -> {
            int i = own + 1 + pair / below;
            int j = own + 1 + pair % below;
            if (j <= i) {
              multiply(AS_IS, at(i, own), TRANSPOSED, at(j, own), size(own), -1, this, i, j, 1);
            }
          });
    }
    return true;
  }

  /** Becomes L⁻¹, zero above its diagonal, by forward substitution from the identity. */
  private void becomeInverse(TiledCholesky lower) {
    Parallel.forBlocks(
        n,
        16,
        (from, to) -> {
          double[] row = new double[n];
          for (int r = from; r < to; r++) {
            row[r] = 1;
            memory.getPointer((long) r * n).put(row, 0, n);
            row[r] = 0;
          }
        });
    for (int k = 0; k < count; k++) {
      int own = k;
      Parallel.forBlocks(
          k + 1,
          1,
          (j, end) ->
              openblas_nolapack.cblas_dtrsm(
                  ROWS,
                  openblas_nolapack.CblasLeft,
                  LOWER,
                  AS_IS,
                  NON_UNIT,
                  size(own),
                  size(j),
                  1.0,
                  lower.at(own, own),
                  n,
                  at(own, j),
                  n));
      Parallel.forBlocks(
          (count - k - 1) * (k + 1),
          1,
          (pair, end) -> {
            int i = own + 1 + pair / (own + 1);
            int j = pair % (own + 1);
            multiply(AS_IS, lower.at(i, own), AS_IS, at(own, j), size(own), -1, this, i, j, 1);
          });
    }
  }

  /** Becomes the lower triangle of WᵀW of a lower triangle W. */
  private void becomeSquare(TiledCholesky w) {
    Parallel.forBlocks(
        count * count,
        1,
        (pair, end) -> {
          int i = pair / count;
          int j = pair % count;
          if (j <= i) {
            multiply(TRANSPOSED, w.at(i, i), AS_IS, w.at(i, j), n - i * TILE, 1, this, i, j, 0);
          }
        });
  }

  /** C_ij = factor·A·B + kept·C_ij of operands with {@code depth} columns and rows. */
  private void multiply(
      int layoutA,
      DoublePointer a,
      int layoutB,
      DoublePointer b,
      int depth,
      double factor,
      TiledCholesky c,
      int i,
      int j,
      double kept) {
    openblas_nolapack.cblas_dgemm(
        ROWS, layoutA, layoutB, size(i), size(j), depth, factor, a, n, b, n, kept, c.at(i, j), n);
  }
}
