package io.noesis.encoders.ridge;

import io.noesis.run.Parallel;
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
    Sums[] parts = new Sums[folds.count()];
    // Folds run side by side where memory allows; their sums are added in order either way.
    Parallel.forBlocks(
        parts.length,
        fitSideBySide(parts.length) ? 1 : parts.length,
        (from, to) -> {
          for (int fold = from; fold < to; fold++) {
            parts[fold] = fold(folds.train(fold), folds.test(fold));
            progress.step(1);
          }
        });
    Sums total = new Sums(spec.penalties().size(), y.dim(1));
    for (Sums part : parts) {
      total.add(part);
    }
    return total.scores();
  }

  private boolean fitSideBySide(int folds) {
    long side = Math.min(x.dim(0), x.dim(1));
    long eachBytes = 6 * side * side * Double.BYTES + 4L * x.size();
    return folds * eachBytes < Runtime.getRuntime().maxMemory() / 4;
  }

  /** What one fold adds to the score of each target. */
  private static final class Sums {
    final Matrix errors;
    final double[] spread;
    final double[] power;

    Sums(int penalties, int targets) {
      errors = Matrix.zeros(penalties, targets);
      spread = new double[targets];
      power = new double[targets];
    }

    void add(Sums part) {
      addEach(errors.array(), part.errors.array());
      addEach(spread, part.spread);
      addEach(power, part.power);
    }

    Matrix scores() {
      int targets = spread.length;
      Matrix scores = Matrix.zeros(errors.rows(), targets);
      for (int i = 0; i < errors.rows(); i++) {
        for (int t = 0; t < targets; t++) {
          scores.array()[i * targets + t] =
              spread[t] <= CONSTANT * power[t] ? 0 : 1 - errors.at(i, t) / spread[t];
        }
      }
      return scores;
    }

    private static void addEach(double[] sums, double[] more) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += more[i];
      }
    }
  }

  static double meanOverTargets(Matrix scores, int penalty) {
    double sum = 0;
    for (int t = 0; t < scores.columns(); t++) {
      sum += scores.at(penalty, t);
    }
    return sum / scores.columns();
  }

  private Sums fold(int[] train, int[] test) {
    Sums sums = new Sums(spec.penalties().size(), y.dim(1));
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
      addSquares(truth, sums.spread, from);
      for (int i = 0; i < spec.penalties().size(); i++) {
        Matrix predicted =
            LinearAlgebra.multiply(shrunk(projected, system, spec.penalties().get(i)), z);
        addSquaredErrors(truth, predicted, sums.errors.array(), i * y.dim(1) + from);
      }
      addSquares(Columns.less(new double[y.dim(1)], y, test, from, to), sums.power, from);
    }
    return sums;
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
