package io.noesis.encoders.ridge;

import io.noesis.run.Progress;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;

/**
 * Scores every penalty on rows that were left out. The score of a target is 1 − Σ(y − ŷ)² / Σ(y −
 * ȳ)² over all left-out rows, ȳ being the mean of the rows that were fitted: 0 is what the mean
 * alone would do. Sums run over folds before the ratio, so folds of a single row are fine.
 */
final class PenaltySearch {
  private static final int TARGET_BLOCK = 1024;

  /** Below this share of Σy² the variation of a target is rounding of its mean: it is constant. */
  private static final double CONSTANT = 1e-20;

  private final Tensor x;
  private final Tensor y;
  private final Matrix gram;
  private final RidgeSpec spec;

  /**
   * @param x responses {@code [trials, voxels]}
   * @param y targets {@code [trials, dims]}
   * @param gram XXᵀ for the dual form, else empty
   * @param spec the penalties
   */
  PenaltySearch(Tensor x, Tensor y, Matrix gram, RidgeSpec spec) {
    this.x = x;
    this.y = y;
    this.gram = gram;
    this.spec = spec;
  }

  /** The score of each penalty for each target {@code [penalties, targets]}. */
  Matrix scores(Folds folds, Progress progress) {
    int targets = y.dim(1);
    int penalties = spec.penalties().size();
    Matrix errors = Matrix.zeros(penalties, targets);
    double[] spread = new double[targets];
    double[] power = new double[targets];
    for (int fold = 0; fold < folds.count(); fold++) {
      addFold(folds.train(fold), folds.test(fold), errors, spread, power);
      progress.step(1);
    }
    Matrix scores = Matrix.zeros(penalties, targets);
    for (int i = 0; i < penalties; i++) {
      for (int t = 0; t < targets; t++) {
        scores.array()[i * targets + t] =
            spread[t] <= CONSTANT * power[t] ? 0 : 1 - errors.at(i, t) / spread[t];
      }
    }
    return scores;
  }

  static double meanOverTargets(Matrix scores, int penalty) {
    double sum = 0;
    for (int t = 0; t < scores.columns(); t++) {
      sum += scores.at(penalty, t);
    }
    return sum / scores.columns();
  }

  private void addFold(int[] train, int[] test, Matrix errors, double[] spread, double[] power) {
    Tensor testRows = x.rows(test);
    CentredSystem system;
    Matrix projected;
    if (gram.rows() > 0) {
      system = new CentredSystem.Dual(x, pick(gram, train, train));
      projected = system.projectRows(testRows, pick(gram, test, train));
    } else {
      system = new CentredSystem.Primal(x.rows(train));
      projected = system.projectRows(testRows, gram);
    }
    double[] means = Columns.means(y, train);
    for (int from = 0; from < y.dim(1); from += TARGET_BLOCK) {
      int to = Math.min(y.dim(1), from + TARGET_BLOCK);
      Matrix z = system.project(Columns.less(means, y, train, from, to));
      Matrix truth = Columns.less(means, y, test, from, to);
      addSquares(truth, spread, from);
      for (int i = 0; i < spec.penalties().size(); i++) {
        Matrix predicted =
            LinearAlgebra.multiply(shrunk(projected, system, spec.penalties().get(i)), z);
        addSquaredErrors(truth, predicted, errors.array(), i * y.dim(1) + from);
      }
      addSquares(Columns.less(new double[y.dim(1)], y, test, from, to), power, from);
    }
  }

  private static Matrix shrunk(Matrix projected, CentredSystem system, double penalty) {
    int rank = system.rank();
    double[] factors = new double[rank];
    for (int i = 0; i < rank; i++) {
      factors[i] = system.shrinkage(i, penalty);
    }
    double[] out = new double[projected.array().length];
    for (int r = 0, o = 0; r < projected.rows(); r++) {
      for (int i = 0; i < rank; i++, o++) {
        out[o] = projected.array()[o] * factors[i];
      }
    }
    return Matrix.wrap(projected.rows(), rank, out);
  }

  private static void addSquares(Matrix truth, double[] sums, int at) {
    addSquaredErrors(truth, Matrix.zeros(truth.rows(), truth.columns()), sums, at);
  }

  private static void addSquaredErrors(Matrix truth, Matrix predicted, double[] sums, int at) {
    int width = truth.columns();
    for (int r = 0, i = 0; r < truth.rows(); r++) {
      for (int c = 0; c < width; c++, i++) {
        double error = truth.array()[i] - predicted.array()[i];
        sums[at + c] += error * error;
      }
    }
  }

  private static Matrix pick(Matrix m, int[] rows, int[] columns) {
    Matrix out = Matrix.zeros(rows.length, columns.length);
    for (int r = 0, o = 0; r < rows.length; r++) {
      for (int c : columns) {
        out.array()[o++] = m.at(rows[r], c);
      }
    }
    return out;
  }
}
