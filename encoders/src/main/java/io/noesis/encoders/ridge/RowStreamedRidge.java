package io.noesis.encoders.ridge;

import io.noesis.encoders.torch.NativeAlgebra;
import io.noesis.encoders.torch.Precision;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.SymmetricEigen;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link Ridge} for trials that do not fit into memory, with many more trials than columns:
 * responses and targets are read once, by blocks of rows, and of each fold only sums are held,
 * {@code [columns, columns + targets]} in float64. Fits without a fold, and its errors on it,
 * follow from the sums.
 */
public final class RowStreamedRidge {
  /** Numbers read at a time: 64 MB. */
  private static final int BLOCK = 1 << 24;

  /** Multiply-adds above which native libraries are worth loading. */
  private static final double LARGE = 2e10;

  private final RidgeSpec spec;
  private final Algebra algebra;
  private final int columns;
  private final int targets;

  private RowStreamedRidge(RidgeSpec spec, Algebra algebra, int columns, int targets) {
    this.spec = spec;
    this.algebra = algebra;
    this.columns = columns;
    this.targets = targets;
  }

  /**
   * Fits, in float64 whatever the precision asked for.
   *
   * @param x responses {@code [trials, voxels]}
   * @param y targets {@code [trials, dims]}
   * @param groups one label per trial: those of one are left out together
   * @param spec penalties and how to choose; folds only, no fractions
   * @param progress hears every trial once
   * @return the model
   * @throws DataException when a value is not finite or there are fewer than 2 groups to choose
   *     with
   */
  public static RidgeModel fit(
      RowBlocks x, RowBlocks y, int[] groups, RidgeSpec spec, Progress progress) {
    Check.size("ridge: rows of the targets", x.rows(), y.rows());
    Check.size("ridge: group labels", x.rows(), groups.length);
    Check.argument(
        spec.fractions().isEmpty() && spec.validation() == Validation.FOLDS,
        "ridge by blocks of rows: penalties are compared on folds only, found %s and fractions %s",
        spec.validation(),
        spec.fractions());
    if (x.rows() == 0) {
      throw new DataException(
          "fitting ridge: there are no training rows. Check the split and the trial selection.");
    }
    double work = (double) x.rows() * x.width() * (x.width() + y.width());
    Algebra algebra = work < LARGE ? Algebra.inJava() : new NativeAlgebra(Precision.FLOAT64);
    return new RowStreamedRidge(spec, algebra, x.width(), y.width()).fit(x, y, groups, progress);
  }

  private RidgeModel fit(RowBlocks x, RowBlocks y, int[] groups, Progress progress) {
    boolean choose = spec.penalties().size() > 1;
    Folds folds = choose ? Folds.of(groups, spec.folds()) : null;
    Moments[] parts = new Moments[folds == null ? 1 : folds.count()];
    Arrays.setAll(parts, f -> new Moments(columns, targets));
    progress.begin("ridge", x.rows());
    int step = Math.max(1, BLOCK / Math.max(1, columns + targets));
    double[][] shift = {};
    for (int from = 0; from < x.rows(); from += step) {
      int to = Math.min(x.rows(), from + step);
      Tensor responses = x.read(from, to);
      Tensor values = y.read(from, to);
      Columns.requireFinite(responses, "responses (rows counted from " + from + ")");
      Columns.requireFinite(values, "targets (rows counted from " + from + ")");
      if (from == 0) {
        shift = new double[][] {Columns.means(responses), Columns.means(values)};
      }
      for (int f = 0; f < parts.length; f++) {
        int[] rows = rows(folds, f, from, to);
        if (rows.length > 0) {
          parts[f].add(responses.rows(rows), values.rows(rows), shift, algebra);
        }
      }
      progress.step(to - from);
    }
    Moments all = new Moments(columns, targets);
    for (Moments part : parts) {
      all.add(part, 1);
    }
    Scores scores = Scores.of(choose ? scores(parts, all) : Matrix.zeros(0, targets));
    Selection selection = Selection.of(scores, spec, targets);
    progress.done(x.rows() + " rows x " + columns + " columns to " + targets + " targets");
    return solve(all, shift, selection);
  }

  private static int[] rows(@Nullable Folds folds, int fold, int from, int to) {
    int[] out = new int[to - from];
    int n = 0;
    for (int r = from; r < to; r++) {
      if (folds == null || folds.of(r) == fold) {
        out[n++] = r - from;
      }
    }
    return Arrays.copyOf(out, n);
  }

  /** {@code [penalties, targets]}. */
  private Matrix scores(Moments[] parts, Moments all) {
    Matrix errors = Matrix.zeros(spec.penalties().size(), targets);
    double[] spread = new double[targets];
    for (Moments left : parts) {
      all.add(left, -1);
      double[] m = all.xMeans();
      double[] k = all.yMeans();
      SymmetricEigen eigen = algebra.symmetricEigen(all.xxAbout(m));
      Matrix z = algebra.transposedMultiply(eigen.vectors(), all.xyAbout(m, k));
      Matrix xx =
          algebra.multiply(
              algebra.transposedMultiply(eigen.vectors(), left.xxAbout(m)), eigen.vectors());
      Matrix xy = algebra.transposedMultiply(eigen.vectors(), left.xyAbout(m, k));
      double[] squares = left.ySquaresAbout(k);
      for (int t = 0; t < targets; t++) {
        spread[t] += squares[t];
      }
      for (int i = 0; i < spec.penalties().size(); i++) {
        Matrix w = shrunk(z, eigen.values(), spec.penalties().get(i));
        addErrors(squares, w, xy, algebra.multiply(xx, w), errors.array(), i * targets);
      }
      all.add(left, 1);
    }
    Matrix scores = Matrix.zeros(spec.penalties().size(), targets);
    for (int i = 0; i < spec.penalties().size(); i++) {
      double[] row = Arrays.copyOfRange(errors.array(), i * targets, (i + 1) * targets);
      RidgeFit.score(row, spread, all.yMeans(), all.count(), scores, i * targets);
    }
    return scores;
  }

  /** |y − Wᵀx|² = y² − 2·W∘xy + W∘(xx·W), summed over columns for each target. */
  private void addErrors(
      double[] squares, Matrix w, Matrix xy, Matrix product, double[] errors, int at) {
    double[] sums = squares.clone();
    for (int i = 0; i < w.array().length; i++) {
      sums[i % targets] += w.array()[i] * (product.array()[i] - 2 * xy.array()[i]);
    }
    for (int t = 0; t < targets; t++) {
      errors[at + t] += Math.max(0, sums[t]);
    }
  }

  private static Matrix shrunk(Matrix z, double[] values, double penalty) {
    Matrix out = Matrix.wrap(z.rows(), z.columns(), z.array().clone());
    Columns.scaleRows(out, i -> 1 / (Math.max(0, values[i]) + penalty));
    return out;
  }

  private RidgeModel solve(Moments all, double[][] shift, Selection selection) {
    double[] m = all.xMeans();
    double[] k = all.yMeans();
    double[] penalties = selection.chosen();
    SymmetricEigen eigen = algebra.symmetricEigen(all.xxAbout(m));
    Matrix z = algebra.transposedMultiply(eigen.vectors(), all.xyAbout(m, k));
    for (int i = 0; i < columns; i++) {
      double value = Math.max(0, eigen.values()[i]);
      for (int t = 0; t < targets; t++) {
        z.array()[i * targets + t] /= value + penalties[t];
      }
    }
    Tensor weights = algebra.multiply(eigen.vectors(), z).toTensor();
    for (int c = 0; c < columns; c++) {
      m[c] += shift[0][c];
    }
    for (int t = 0; t < targets; t++) {
      k[t] += shift[1][t];
    }
    return RidgeModel.of(m, k, weights, penalties, selection);
  }
}
