package io.noesis.encoders.ridge;

import io.noesis.run.Parallel;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * The dual form without eigenvectors, for large problems: G = α·(K + αI)⁻¹ by Cholesky for each
 * penalty. An eigendecomposition serves all penalties, but runs on one thread; Cholesky factors of
 * several penalties run side by side, and the map of targets to left-out errors, E_f =
 * (G_ff)⁻¹·G_f·Y, is applied to targets as they are.
 */
final class KernelSystem {
  private final Tensor x;
  private final Algebra algebra;

  /** K of centred rows, with the constant vector as its largest direction. */
  private final Matrix kernel;

  private final double lift;

  KernelSystem(Tensor x, Algebra algebra) {
    this.x = x;
    this.algebra = algebra;
    this.kernel = CentredSystem.centred(algebra.gram(x));
    this.lift = CentredSystem.liftConstant(kernel);
  }

  /**
   * E = A·Y of rows left out {@code [rows, rows]}, fold after fold.
   *
   * @param folds which rows are left out together
   * @param penalty α
   */
  Matrix leftOut(Folds folds, double penalty) {
    int n = kernel.rows();
    Matrix g = residuals(penalty);
    if (folds.count() == n) {
      double[] own = new double[n];
      Arrays.setAll(own, i -> g.at(i, i));
      Columns.scaleRows(g, i -> 1 / own[i]);
      return g;
    }
    Matrix out = Matrix.zeros(n, n);
    int[] starts = new int[folds.count() + 1];
    for (int f = 0; f < folds.count(); f++) {
      starts[f + 1] = starts[f] + folds.test(f).length;
    }
    Parallel.forBlocks(
        folds.count(),
        1,
        (fold, end) -> {
          int[] rows = folds.test(fold);
          Matrix right = g.rows(rows);
          Matrix own = Matrix.zeros(rows.length, rows.length);
          for (int r = 0, i = 0; r < rows.length; r++) {
            for (int c : rows) {
              own.array()[i++] = right.at(r, c);
            }
          }
          Matrix solved = algebra.solveSpd(LeftOut.lifted(own), right);
          System.arraycopy(solved.array(), 0, out.array(), starts[fold] * n, rows.length * n);
        });
    return out;
  }

  /** G without its constant direction, to the last bit orthogonal to it or nearly so. */
  private Matrix residuals(double penalty) {
    Matrix g = inverse(penalty);
    double[] values = g.array();
    double constant = penalty / (lift + penalty) / kernel.rows();
    for (int i = 0; i < values.length; i++) {
      values[i] = penalty * values[i] - constant;
    }
    return g;
  }

  /** (K + αI)⁻¹, the lifted constant direction included. */
  private Matrix inverse(double penalty) {
    int n = kernel.rows();
    Matrix sum = Matrix.wrap(n, n, kernel.array().clone());
    for (int i = 0; i < n; i++) {
      sum.array()[i * n + i] += penalty;
    }
    return algebra.inverseSpd(sum);
  }

  /**
   * W {@code [columns, targets]}.
   *
   * @param targets centred on all rows
   * @param penalties one per target
   */
  Matrix weights(Matrix targets, double[] penalties) {
    int width = targets.columns();
    Matrix dual = Matrix.zeros(targets.rows(), width);
    for (double penalty : Arrays.stream(penalties).distinct().sorted().toArray()) {
      int[] own =
          java.util.stream.IntStream.range(0, width).filter(t -> penalties[t] == penalty).toArray();
      Matrix part =
          algebra.multiply(
              inverse(penalty), own.length == width ? targets : Columns.pick(targets, own));
      if (own.length == width) {
        dual = part;
      } else {
        for (int r = 0, i = 0; r < part.rows(); r++) {
          for (int t : own) {
            dual.array()[r * width + t] = part.array()[i++];
          }
        }
      }
    }
    Columns.subtractMeans(dual);
    return algebra.transposedMultiply(x, dual);
  }
}
