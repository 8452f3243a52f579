package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits multi-target ridge regression: W and b that minimise ‖Y − XW − b‖² + α‖W‖² (Hoerl and
 * Kennard 1970, doi:10.1080/00401706.1970.10488634), α chosen by leaving groups of training rows
 * out. One decomposition serves all folds, penalties and targets. The intercept is not penalised: X
 * and Y are centred on the rows that are fitted, never on rows that are left out.
 */
public final class Ridge {
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
   * @param progress hears every target twice: when its penalties were compared and when it was
   *     solved
   * @return the model
   */
  public static RidgeModel fit(
      Tensor x, Tensor y, int[] groups, RidgeSpec spec, Progress progress) {
    Check.argument(
        y.shape().rank() == 2, "ridge: expected targets [trials, dims], found %s", y.shape());
    check(x, TargetSource.of(y), groups);
    RidgeFit fit = new RidgeFit(x, TargetSource.of(y), groups, spec);
    progress.begin("ridge", 2L * y.dim(1));
    Scores scores = fit.scores(progress);
    Selection selection = Selection.of(scores, spec, y.dim(1));
    List<Tensor> blocks = new ArrayList<>();
    double[] penalties =
        fit.solve(
            selection.chosen(),
            (from, block, means) -> {
              blocks.add(block);
              progress.step(block.dim(1));
            });
    progress.done(x.dim(0) + " rows x " + x.dim(1) + " columns to " + y.dim(1) + " targets");
    return RidgeModel.of(x, y, beside(blocks, x.dim(1), y.dim(1)), penalties, selection);
  }

  /** Blocks of columns as one {@code [rows, columns]}; the block itself when there is one. */
  private static Tensor beside(List<Tensor> blocks, int rows, int columns) {
    if (blocks.size() == 1) {
      return blocks.get(0);
    }
    Tensor out = Tensor.zeros(rows, columns);
    int column = 0;
    for (Tensor block : blocks) {
      int width = block.dim(1);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(block.array(), r * width, out.array(), r * columns + column, width);
      }
      column += width;
    }
    return out;
  }

  static void check(Tensor x, TargetSource y, int[] groups) {
    Check.argument(
        x.shape().rank() == 2, "ridge: expected responses [trials, voxels], found %s", x.shape());
    Check.size("ridge: rows of the targets for responses " + x.shape(), x.dim(0), y.rows());
    Check.size("ridge: group labels for responses " + x.shape(), x.dim(0), groups.length);
    if (x.dim(0) == 0) {
      throw new DataException(
          "fitting ridge: there are no training rows. Check the split and the trial selection.");
    }
    Columns.requireFinite(x, "responses");
  }
}
