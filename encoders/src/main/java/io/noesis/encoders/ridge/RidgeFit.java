package io.noesis.encoders.ridge;

import io.noesis.encoders.torch.NativeAlgebra;
import io.noesis.run.Progress;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** One ridge fit in blocks of targets: choosing, then solving. Holds one block at a time. */
final class RidgeFit {
  /** Rows times targets of a block: 512 MB in float64, of which a few copies are held. */
  private static final int BLOCK = 1 << 26;

  /** Multiply-adds above which native libraries are worth loading: about a second in Java. */
  private static final double LARGE = 2e10;

  /** Below this share of Σy² the variation of a target is rounding of its mean: it is constant. */
  private static final double CONSTANT = 1e-20;

  private final Tensor x;
  private final TargetSource y;
  private final RidgeSpec spec;
  private final Algebra algebra;
  private final CentredSystem system;
  private final Optional<Folds> folds;

  RidgeFit(Tensor x, TargetSource y, int[] groups, RidgeSpec spec) {
    this.x = x;
    this.y = y;
    this.spec = spec;
    this.folds = spec.grid().size() < 2 ? Optional.empty() : Optional.of(folds(groups, spec));
    this.algebra = algebra(x, y.columns(), spec);
    this.system = CentredSystem.of(x, form(), algebra);
  }

  /** Decided by the sizes alone, so that the same fit always takes the same way. */
  static Algebra algebra(Tensor x, int targets, RidgeSpec spec) {
    double cells = (double) x.dim(0) * x.dim(1);
    return cells * (targets + Math.min(x.dim(0), x.dim(1))) < LARGE
        ? Algebra.inJava()
        : new NativeAlgebra(spec.precision());
  }

  private static Folds folds(int[] groups, RidgeSpec spec) {
    return spec.validation() == Validation.LEAVE_ONE_OUT
        ? Folds.single(groups.length)
        : Folds.of(groups, spec.folds());
  }

  /** Leaving rows out must not cancel digits: where they decide some directions, the dual form. */
  private RidgeForm form() {
    if (spec.form() != RidgeForm.AUTO) {
      return spec.form();
    }
    if (!spec.fractions().isEmpty()) {
      return RidgeForm.SVD;
    }
    int left = folds.map(f -> f.count() == f.rows() ? 1 : f.largest()).orElse(0);
    return x.dim(0) - left <= x.dim(1) ? RidgeForm.DUAL : RidgeForm.PRIMAL;
  }

  /** Hears the weights {@code [columns, to - from]} and the target means of one block. */
  @FunctionalInterface
  interface Sink {
    void accept(int from, Matrix weights, double[] means);
  }

  /** The score of each penalty or fraction for each target; no rows when there is one only. */
  Matrix scores(Progress progress) {
    Matrix scores = Matrix.zeros(folds.isEmpty() ? 0 : spec.grid().size(), y.columns());
    folds.ifPresent(
        which ->
            overBlocks(
                (from, targets, means) -> {
                  score(which, scores, from, targets, means);
                  progress.step(targets.columns());
                }));
    return scores;
  }

  private void score(Folds which, Matrix scores, int from, Matrix targets, double[] means) {
    LeftOut leftOut = new LeftOut(system, which);
    double[] spread = leftOut.spread(targets);
    double[][] errors =
        spec.fractions().isEmpty()
            ? penaltyErrors(leftOut, targets)
            : FractionalRidge.errors(x, targets, which, spec, algebra);
    for (int i = 0; i < errors.length; i++) {
      score(errors[i], spread, means, targets.rows(), scores, i * y.columns() + from);
    }
  }

  /** Writes 1 − errors/spread of each target; 0 for one that does not vary. */
  static void score(
      double[] errors, double[] spread, double[] means, int rows, Matrix scores, int at) {
    for (int t = 0; t < spread.length; t++) {
      boolean constant = spread[t] <= CONSTANT * (means[t] * means[t] * rows + spread[t]);
      scores.array()[at + t] = constant ? 0 : 1 - errors[t] / spread[t];
    }
  }

  private double[][] penaltyErrors(LeftOut leftOut, Matrix targets) {
    Matrix projected = system.project(targets);
    return spec.penalties().stream()
        .map(penalty -> leftOut.errors(targets, projected, penalty))
        .toArray(double[][]::new);
  }

  /**
   * Solves all targets.
   *
   * @param chosen the penalty or fraction of each target
   * @return the penalty of each target
   */
  double[] solve(double[] chosen, Sink sink) {
    double[] penalties = chosen.clone();
    overBlocks(
        (from, targets, means) -> {
          Matrix z = system.project(targets);
          int width = targets.columns();
          if (spec.fractions().isEmpty()) {
            for (int i = 0; i < system.rank(); i++) {
              for (int t = 0; t < width; t++) {
                z.array()[i * width + t] *= system.shrinkage(i, chosen[from + t]);
              }
            }
          } else {
            double[] wanted = Arrays.copyOfRange(chosen, from, from + width);
            double[] found = new FractionalRidge(system, z).shrink(z, wanted);
            System.arraycopy(found, 0, penalties, from, width);
          }
          sink.accept(from, system.weights(z), means);
        });
    return penalties;
  }

  private interface BlockUse {
    void accept(int from, Matrix centred, double[] means);
  }

  private void overBlocks(BlockUse use) {
    int[] all = IntStream.range(0, y.rows()).toArray();
    int width = Math.max(1, BLOCK / Math.max(1, Math.max(y.rows(), x.dim(1))));
    for (int from = 0; from < y.columns(); from += width) {
      int to = Math.min(y.columns(), from + width);
      Tensor block = y.read(from, to);
      Columns.requireFinite(block, "targets", from);
      double[] means = Columns.means(block);
      use.accept(from, Columns.less(means, block, all, 0, to - from), means);
    }
  }
}
