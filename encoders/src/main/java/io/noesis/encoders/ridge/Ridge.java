package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Fits multi-target ridge regression: W and b that minimise ‖Y − XW − b‖² + α‖W‖² (Hoerl and
 * Kennard 1970, doi:10.1080/00401706.1970.10488634), α chosen by leaving groups of training rows
 * out. One eigendecomposition per fold serves all penalties and targets. The intercept is not
 * penalised: X and Y are centred on the rows that are fitted, never on rows that are left out.
 */
public final class Ridge {
  /** Targets solved together: bounds the work space to a few rows × this many doubles. */
  private static final int TARGET_BLOCK = 1024;

  private Ridge() {}

  /**
   * Fits with contiguous folds, for rows in the order of recording whose neighbours are related.
   *
   * @param x responses {@code [trials, voxels]}
   * @param y targets {@code [trials, dims]}
   * @param spec penalties and how to choose
   * @return the model
   * @throws DataException when a value is not finite or there are fewer than 2 rows to choose with
   */
  public static RidgeModel fit(Tensor x, Tensor y, RidgeSpec spec) {
    int rows = x.dim(0);
    int[] groups = Folds.contiguous(rows, Math.max(1, Math.min(rows, spec.folds())));
    return fit(x, y, groups, spec, Progress.NONE);
  }

  /**
   * Fits; rows with the same group label are left out together.
   *
   * @param x responses {@code [trials, voxels]}
   * @param y targets {@code [trials, dims]}
   * @param groups one label per trial: its run, session or stimulus
   * @param spec penalties and how to choose
   * @return the model
   * @throws DataException when a value is not finite or there are fewer than 2 groups to choose
   *     with
   */
  public static RidgeModel fit(Tensor x, Tensor y, int[] groups, RidgeSpec spec) {
    return fit(x, y, groups, spec, Progress.NONE);
  }

  /**
   * As {@link #fit(Tensor, Tensor, int[], RidgeSpec)}, telling how far it has come.
   *
   * @param x responses {@code [trials, voxels]}
   * @param y targets {@code [trials, dims]}
   * @param groups one label per trial
   * @param spec penalties and how to choose
   * @param progress hears one step per fold and one for the final fit
   * @return the model
   */
  public static RidgeModel fit(
      Tensor x, Tensor y, int[] groups, RidgeSpec spec, Progress progress) {
    check(x, y, groups);
    Matrix scores = Matrix.zeros(0, y.dim(1));
    Matrix gram = x.dim(0) <= x.dim(1) ? LinearAlgebra.gram(x) : Matrix.zeros(0, 0);
    if (spec.penalties().size() > 1) {
      Folds folds = Folds.of(groups, spec.folds());
      progress.begin("ridge: choosing the penalty", folds.count() + 1L);
      scores = new PenaltySearch(x, y, gram, spec).scores(folds, progress);
    } else {
      progress.begin("ridge", 1);
    }
    double[] chosen = choose(scores, spec, y.dim(1));
    Matrix weights = solve(x, y, gram, chosen);
    progress.step(1);
    progress.done(x.dim(0) + " rows x " + x.dim(1) + " columns to " + y.dim(1) + " targets");
    return RidgeModel.of(x, y, weights.toTensor(), chosen, scores, spec);
  }

  private static void check(Tensor x, Tensor y, int[] groups) {
    Check.argument(
        x.shape().rank() == 2, "ridge: expected responses [trials, voxels], found %s", x.shape());
    Check.argument(
        y.shape().rank() == 2, "ridge: expected targets [trials, dims], found %s", y.shape());
    Check.size("ridge: rows of the targets for responses " + x.shape(), x.dim(0), y.dim(0));
    Check.size("ridge: group labels for responses " + x.shape(), x.dim(0), groups.length);
    if (x.dim(0) == 0) {
      throw new DataException(
          "fitting ridge: there are no training rows. Check the split and the trial selection.");
    }
    Columns.requireFinite(x, "responses");
    Columns.requireFinite(y, "targets");
  }

  /** The best penalty of all targets or each; equal scores go to the larger, simpler one. */
  private static double[] choose(Matrix scores, RidgeSpec spec, int targets) {
    double[] chosen = new double[targets];
    int count = spec.penalties().size();
    if (count == 1) {
      Arrays.fill(chosen, spec.penalties().get(0));
      return chosen;
    }
    for (int t = 0; t < targets; t++) {
      int best = 0;
      double bestScore = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        double score =
            spec.choice() == PenaltyChoice.SHARED
                ? PenaltySearch.meanOverTargets(scores, i)
                : scores.at(i, t);
        if (score >= bestScore) {
          best = i;
          bestScore = score;
        }
      }
      chosen[t] = spec.penalties().get(best);
      if (spec.choice() == PenaltyChoice.SHARED) {
        Arrays.fill(chosen, chosen[t]);
        break;
      }
    }
    return chosen;
  }

  private static Matrix solve(Tensor x, Tensor y, Matrix gram, double[] penalties) {
    CentredSystem system =
        gram.rows() > 0 ? new CentredSystem.Dual(x, gram) : new CentredSystem.Primal(x);
    int targets = y.dim(1);
    double[] means = Columns.means(y);
    int[] all = IntStream.range(0, x.dim(0)).toArray();
    Matrix weights = Matrix.zeros(x.dim(1), targets);
    for (int from = 0; from < targets; from += TARGET_BLOCK) {
      int to = Math.min(targets, from + TARGET_BLOCK);
      Matrix z = system.project(Columns.less(means, y, all, from, to));
      int width = to - from;
      for (int i = 0; i < system.rank(); i++) {
        for (int t = 0; t < width; t++) {
          z.array()[i * width + t] *= system.shrinkage(i, penalties[from + t]);
        }
      }
      Matrix block = system.weights(z);
      for (int r = 0; r < block.rows(); r++) {
        System.arraycopy(block.array(), r * width, weights.array(), r * targets + from, width);
      }
    }
    return weights;
  }
}
