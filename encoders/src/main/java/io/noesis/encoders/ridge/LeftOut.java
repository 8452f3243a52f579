package io.noesis.encoders.ridge;

import io.noesis.run.Parallel;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Errors on rows left out, without fitting again. Ridge residuals are linear in the targets, R =
 * G·Y, and what a fit without the rows f would be wrong by on them is exactly E_f = (G_ff)⁻¹·R_f:
 * for one row the known residual over 1 − leverage (Allen 1974, doi:10.1080/00401706.1974.10489157;
 * Golub, Heath and Wahba 1979), for several the same with blocks. The mean that is fitted is part
 * of G, so it is that of the remaining rows too.
 */
final class LeftOut {
  private final CentredSystem system;
  private final Algebra algebra;
  private final int[][] rows;
  private final boolean alone;
  private final int n;

  LeftOut(CentredSystem system, Folds folds) {
    this.system = system;
    this.algebra = system.algebra;
    this.n = folds.rows();
    this.alone = folds.count() == n;
    this.rows =
        alone
            ? new int[0][]
            : IntStream.range(0, folds.count()).mapToObj(folds::test).toArray(int[][]::new);
  }

  /**
   * Σ over left-out rows of the squared error of each target.
   *
   * @param targets Y, centred on all rows {@code [rows, targets]}
   * @param projected Z of them
   * @param penalty α
   */
  double[] errors(Matrix targets, Matrix projected, double penalty) {
    double[] g = system.residuals(penalty);
    // Where targets outnumber rows it is cheaper to solve for the map of Z to E than for E.
    if (system.complement() == 0 && targets.columns() >= n) {
      return algebra.columnSquares(List.of(map(g)), projected)[0];
    }
    Matrix scaled = Matrix.wrap(g.length, targets.columns(), projected.array().clone());
    Columns.scaleRows(scaled, i -> g[i]);
    Matrix residuals = algebra.multiply(system.basis(), scaled);
    if (system.complement() == 1) {
      double[] r = residuals.array();
      for (int i = 0; i < r.length; i++) {
        r[i] += targets.array()[i];
      }
    }
    return alone ? aloneSquares(residuals, g) : foldSquares(residuals, g);
  }

  /** Rows of (G_ff)⁻¹·B_f·diag(g) for every fold, below each other. */
  private Matrix map(double[] g) {
    if (alone) {
      Matrix out = Columns.scaledColumns(system.basis(), g);
      double[] own = diagonal(g);
      Columns.scaleRows(out, i -> 1 / own[i]);
      return out;
    }
    Matrix out = Matrix.zeros(n, g.length);
    int[] starts = starts();
    Parallel.forBlocks(
        rows.length,
        1,
        (from, to) -> {
          Matrix basis = system.basis().rows(rows[from]);
          Matrix right = Columns.scaledColumns(basis, g);
          Matrix solved = algebra.solveSpd(block(basis, right), right);
          System.arraycopy(
              solved.array(), 0, out.array(), starts[from] * g.length, solved.array().length);
        });
    return out;
  }

  private int[] starts() {
    int[] starts = new int[rows.length];
    for (int f = 1; f < rows.length; f++) {
      starts[f] = starts[f - 1] + rows[f - 1].length;
    }
    return starts;
  }

  private double[] foldSquares(Matrix residuals, double[] g) {
    Matrix[] left = new Matrix[rows.length];
    Parallel.forBlocks(
        rows.length,
        1,
        (from, to) -> {
          Matrix basis = system.basis().rows(rows[from]);
          Matrix own = block(basis, Columns.scaledColumns(basis, g));
          left[from] = algebra.solveSpd(own, residuals.rows(rows[from]));
        });
    double[] sums = new double[residuals.columns()];
    for (Matrix part : left) {
      addSquares(part, i -> 1, sums);
    }
    return sums;
  }

  private double[] aloneSquares(Matrix residuals, double[] g) {
    double[] own = diagonal(g);
    double[] sums = new double[residuals.columns()];
    addSquares(residuals, i -> 1 / own[i], sums);
    return sums;
  }

  private static void addSquares(
      Matrix m, java.util.function.IntToDoubleFunction factor, double[] sums) {
    for (int r = 0, i = 0; r < m.rows(); r++) {
      double f = factor.applyAsDouble(r);
      for (int c = 0; c < sums.length; c++, i++) {
        double error = f * m.array()[i];
        sums[c] += error * error;
      }
    }
  }

  /**
   * G_ff of one fold, exactly symmetric, and lifted by its own rounding: a penalty far below the
   * precision of the eigenvalues then still gives a positive definite matrix.
   */
  private Matrix block(Matrix basis, Matrix scaled) {
    Matrix block = algebra.multiplyTransposed(scaled, basis);
    int size = block.rows();
    double[] values = block.array();
    double constant = (double) system.complement() / n;
    for (int r = 0; r < size; r++) {
      for (int c = 0; c < r; c++) {
        values[r * size + c] -= constant;
        values[c * size + r] = values[r * size + c];
      }
      values[r * size + r] += system.complement() - constant;
    }
    return lifted(block);
  }

  /** Adds rounding of the largest diagonal element to the diagonal, in place. */
  static Matrix lifted(Matrix block) {
    int size = block.rows();
    double largest = 0;
    for (int r = 0; r < size; r++) {
      largest = Math.max(largest, Math.abs(block.at(r, r)));
    }
    for (int r = 0; r < size; r++) {
      block.array()[r * size + r] += 4 * size * Math.ulp(largest);
    }
    return block;
  }

  private double[] diagonal(double[] g) {
    double[] b = system.basis().array();
    double[] out = new double[n];
    for (int r = 0, i = 0; r < n; r++) {
      double sum = 0;
      for (int k = 0; k < g.length; k++, i++) {
        sum += b[i] * b[i] * g[k];
      }
      double whole = system.complement() * (1 - 1.0 / n);
      out[r] = Math.max(whole + sum, 4 * Math.ulp(Math.max(whole, sum)));
    }
    return out;
  }

  /** Σ over left-out rows of (y − ȳ)², ȳ the mean of the rows that remain, for centred targets. */
  static double[] spread(Folds folds, Matrix targets) {
    int n = targets.rows();
    int width = targets.columns();
    double[] values = targets.array();
    int[] size = new int[folds.count()];
    for (int r = 0; r < n; r++) {
      size[folds.of(r)]++;
    }
    double[] spread = new double[width];
    Parallel.forBlocks(
        width,
        Columns.TOGETHER,
        (from, to) -> {
          double[][] shift = new double[folds.count()][to - from];
          for (int r = 0; r < n; r++) {
            double[] sums = shift[folds.of(r)];
            for (int c = from; c < to; c++) {
              sums[c - from] += values[r * width + c];
            }
          }
          for (int r = 0; r < n; r++) {
            int fold = folds.of(r);
            for (int c = from; c < to; c++) {
              double far = values[r * width + c] + shift[fold][c - from] / (n - size[fold]);
              spread[c] += far * far;
            }
          }
        });
    return spread;
  }
}
