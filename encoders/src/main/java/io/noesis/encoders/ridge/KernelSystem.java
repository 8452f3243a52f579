package io.noesis.encoders.ridge;

import io.noesis.encoders.torch.NativeAlgebra;
import io.noesis.encoders.torch.Precision;
import io.noesis.run.Parallel;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The dual form without eigenvectors, for large problems: G = α·(K + αI)⁻¹ by Cholesky for each
 * penalty. An eigendecomposition serves all penalties, but runs on one thread; Cholesky factors of
 * several penalties run side by side, and the map of targets to left-out errors, E_f =
 * (G_ff)⁻¹·G_f·Y, is applied to targets as they are.
 */
final class KernelSystem {
  private final Tensor x;
  private final Algebra algebra;

  /** Products in float64: small blocks may be nearly singular. */
  private final Algebra exact;

  /** K of centred rows, with the constant vector as its largest direction. */
  private final Matrix kernel;

  private final double lift;

  /** Whether the map of targets to weights is cheaper to make than to do without. */
  private final boolean mapped;

  /** (K + αI)⁻¹, or the map of targets to weights, of the penalty that was asked for last. */
  private @Nullable Matrix last;

  private double lastPenalty;

  KernelSystem(Tensor x, Algebra algebra, int targets) {
    this.x = x;
    this.algebra = algebra;
    this.exact = algebra instanceof NativeAlgebra ? new NativeAlgebra(Precision.FLOAT64) : algebra;
    this.mapped = targets > x.dim(1);
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
          Matrix solved = exact.multiply(algebra.inverseSpd(LeftOut.lifted(own)), right);
          System.arraycopy(solved.array(), 0, out.array(), starts[fold] * n, rows.length * n);
        });
    return out;
  }

  /**
   * Σ of squared left-out errors of targets Y, from S = Y·D·Yᵀ alone: tr(A·S·Aᵀ), in which each
   * target counts as D says.
   *
   * @param folds which rows are left out together
   * @param penalty α
   * @param products of the targets, factored
   */
  double errors(Folds folds, double penalty, FactoredProducts products) {
    Matrix map = leftOut(folds, penalty);
    double square = 0;
    for (double value : map.array()) {
      square += value * value;
    }
    return algebra.triangularSquares(map, products.lower()) - products.added() * square;
  }

  /**
   * L of S + εI = L·Lᵀ: |A·L|² − ε|A|² is tr(A·S·Aᵀ) for half the arithmetic.
   *
   * @param lower L {@code [rows, rows]}
   * @param added ε: keeps S positive definite where it has not full rank, above its rounding
   */
  record FactoredProducts(Matrix lower, double added) {
    /** Factors S, which is changed. */
    static FactoredProducts of(Matrix s, Algebra algebra) {
      double trace = 0;
      for (int i = 0; i < s.rows(); i++) {
        trace += s.at(i, i);
      }
      double added = trace == 0 ? 1 : 1e-5 * trace;
      for (int i = 0; i < s.rows(); i++) {
        s.array()[i * s.columns() + i] += added;
      }
      return new FactoredProducts(algebra.cholesky(s), added);
    }
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
  Tensor weights(Matrix targets, double[] penalties) {
    double[] distinct = Arrays.stream(penalties).distinct().sorted().toArray();
    if (distinct.length == 1) {
      return weights(targets, distinct[0]);
    }
    int width = targets.columns();
    Matrix dual = Matrix.zeros(targets.rows(), width);
    for (double penalty : distinct) {
      int[] own =
          java.util.stream.IntStream.range(0, width).filter(t -> penalties[t] == penalty).toArray();
      Matrix part = algebra.multiply(inverse(penalty), Columns.pick(targets, own));
      for (int r = 0, i = 0; r < part.rows(); r++) {
        for (int t : own) {
          dual.array()[r * width + t] = part.array()[i++];
        }
      }
    }
    Columns.subtractMeans(dual);
    return algebra.transposedMultiplyRounded(x, dual);
  }

  /** Where targets outnumber columns, W = (XᵀH(K + αI)⁻¹)·Y costs less than Xᵀ((K + αI)⁻¹Y). */
  private Tensor weights(Matrix targets, double penalty) {
    Matrix map = last;
    if (map == null || lastPenalty != penalty) {
      map = inverse(penalty);
      if (mapped) {
        Columns.subtractMeans(map);
        map = algebra.transposedMultiply(x, map);
      }
      last = map;
      lastPenalty = penalty;
    }
    if (mapped) {
      return algebra.multiplyRounded(map, targets);
    }
    Matrix dual = algebra.multiply(map, targets);
    Columns.subtractMeans(dual);
    return algebra.transposedMultiplyRounded(x, dual);
  }
}
