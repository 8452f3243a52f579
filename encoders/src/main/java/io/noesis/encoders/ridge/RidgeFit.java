package io.noesis.encoders.ridge;

import io.noesis.encoders.torch.NativeAlgebra;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One ridge fit in blocks of targets: choosing, then solving. Holds one block at a time. */
final class RidgeFit {
  /** Rows times targets of a block: 512 MB in float64, of which a few copies are held. */
  private static final int BLOCK = 1 << 26;

  /** Multiply-adds above which native libraries are worth loading: about a second in Java. */
  private static final double LARGE = 2e10;

  /** Choosing a penalty also needs eigenvectors and solutions, which are slower than products. */
  private static final double CHOOSING = 5;

  /** Elements of the maps to left-out errors that are held together: 1.3 GB in float64. */
  private static final long MAPS = 160_000_000;

  /** Below this share of Σy² the variation of a target is rounding of its mean: it is constant. */
  private static final double CONSTANT = 1e-20;

  private final Tensor x;
  private final TargetSource y;
  private final RidgeSpec spec;
  private final Algebra algebra;
  private final Optional<KernelSystem> kernel;
  private final Optional<CentredSystem> eigen;
  private final Optional<Folds> folds;

  RidgeFit(Tensor x, TargetSource y, int[] groups, RidgeSpec spec) {
    this(
        x,
        y,
        groups,
        spec,
        algebra(products(x, y.columns()) + CHOOSING * choosing(x, y.columns(), spec), spec));
  }

  RidgeFit(Tensor x, TargetSource y, int[] groups, RidgeSpec spec, Algebra algebra) {
    this.x = x;
    this.y = y;
    this.spec = spec;
    this.folds = spec.grid().size() < 2 ? Optional.empty() : Optional.of(folds(groups, spec));
    this.algebra = algebra;
    boolean byCholesky = algebra instanceof NativeAlgebra && isDualByShape();
    this.kernel =
        byCholesky ? Optional.of(new KernelSystem(x, algebra, y.columns())) : Optional.empty();
    this.eigen = byCholesky ? Optional.empty() : Optional.of(CentredSystem.of(x, form(), algebra));
  }

  private boolean isDualByShape() {
    return spec.form() == RidgeForm.AUTO && form() == RidgeForm.DUAL;
  }

  /** Decided by the sizes alone, so that the same fit always takes the same way. */
  static Algebra algebra(Tensor x, int targets, RidgeSpec spec) {
    return algebra(products(x, targets), spec);
  }

  /** Multiply-adds of a kernel and of weights. */
  private static double products(Tensor x, int targets) {
    double cells = (double) x.dim(0) * x.dim(1);
    return cells * (targets + Math.min(x.dim(0), x.dim(1)));
  }

  /** Those of the errors that each penalty leaves. */
  private static double choosing(Tensor x, int targets, RidgeSpec spec) {
    int tried = spec.grid().size();
    return tried < 2 ? 0 : (double) tried * x.dim(0) * Math.min(x.dim(0), x.dim(1)) * targets;
  }

  /** For so many multiply-adds. */
  static Algebra algebra(double work, RidgeSpec spec) {
    return work < LARGE ? Algebra.inJava() : new NativeAlgebra(spec.precision());
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
    void accept(int from, Tensor weights, double[] means);
  }

  /**
   * The score of each penalty or fraction, none when there is one only. For each target, unless all
   * get the same one by Cholesky factors: then only the means, for less arithmetic.
   */
  Scores scores(Progress progress) {
    if (folds.isPresent() && kernel.isPresent() && spec.choice() == PenaltyChoice.SHARED) {
      return meanScores(kernel.get(), folds.get(), progress);
    }
    Matrix scores = Matrix.zeros(folds.isEmpty() ? 0 : spec.grid().size(), y.columns());
    folds.ifPresent(
        which -> {
          eigen.ifPresent(system -> scoreByEigen(system, which, scores, progress));
          kernel.ifPresent(system -> scoreByCholesky(system, which, scores, progress));
        });
    return Scores.of(scores);
  }

  /**
   * The mean over targets of 1 − |A·y|²/spread is one trace for each penalty, tr(A·S·Aᵀ) with S = Σ
   * y·yᵀ/spread, which is the same for all of them: the targets are multiplied once, whatever the
   * number of penalties. One that does not vary scores 0 and is left out of S.
   */
  private Scores meanScores(KernelSystem system, Folds which, Progress progress) {
    int n = x.dim(0);
    Matrix products = Matrix.zeros(n, n);
    int[] varying = new int[1];
    overBlocks(
        (from, targets, means) -> {
          double[] factors = LeftOut.spread(which, targets);
          for (int t = 0; t < factors.length; t++) {
            boolean constant = isConstant(factors[t], means[t], n);
            factors[t] = constant ? 0 : 1 / Math.sqrt(factors[t]);
            varying[0] += constant ? 0 : 1;
          }
          Columns.multiply(targets, factors);
          double[] part = algebra.gram(targets).array();
          Parallel.forBlocks(
              part.length,
              1 << 16,
              (first, last) -> {
                for (int i = first; i < last; i++) {
                  products.array()[i] += part[i];
                }
              });
          progress.step(targets.columns());
        });
    KernelSystem.FactoredProducts factored = KernelSystem.FactoredProducts.of(products, algebra);
    double[] means = new double[spec.penalties().size()];
    int together = together();
    for (int first = 0; first < means.length; first += together) {
      int from = first;
      Parallel.forBlocks(
          Math.min(together, means.length - from),
          1,
          (i, end) -> {
            double errors = system.errors(which, spec.penalties().get(from + i), factored);
            means[from + i] = (varying[0] - errors) / y.columns();
          });
    }
    return new Scores(means, Matrix.zeros(0, y.columns()));
  }

  /** How many penalties are worked on at the same time. */
  private int together() {
    long each = (long) x.dim(0) * x.dim(0);
    return (int) Math.max(1, Math.min(spec.penalties().size(), MAPS / each));
  }

  private void scoreByEigen(CentredSystem system, Folds which, Matrix scores, Progress progress) {
    LeftOut leftOut = new LeftOut(system, which);
    overBlocks(
        (from, targets, means) -> {
          double[] spread = LeftOut.spread(which, targets);
          double[][] errors =
              spec.fractions().isEmpty()
                  ? penaltyErrors(system, leftOut, targets)
                  : FractionalRidge.errors(x, targets, which, spec, algebra);
          for (int i = 0; i < errors.length; i++) {
            score(errors[i], spread, means, targets.rows(), scores, i * y.columns() + from);
          }
          progress.step(targets.columns());
        });
  }

  private double[][] penaltyErrors(CentredSystem system, LeftOut leftOut, Matrix targets) {
    Matrix projected = system.project(targets);
    return spec.penalties().stream()
        .map(penalty -> leftOut.errors(targets, projected, penalty))
        .toArray(double[][]::new);
  }

  /** Penalties in groups of what memory holds; targets are read once for each group. */
  private void scoreByCholesky(KernelSystem system, Folds which, Matrix scores, Progress progress) {
    int together = together();
    for (int first = 0; first < spec.penalties().size(); first += together) {
      int from = first;
      int count = Math.min(together, spec.penalties().size() - from);
      Matrix[] maps = new Matrix[count];
      Parallel.forBlocks(
          count, 1, (i, end) -> maps[i] = system.leftOut(which, spec.penalties().get(from + i)));
      overBlocks(
          (column, targets, means) -> {
            double[] spread = LeftOut.spread(which, targets);
            double[][] errors = algebra.columnSquares(List.of(maps), targets);
            for (int i = 0; i < count; i++) {
              int at = (from + i) * y.columns() + column;
              score(errors[i], spread, means, targets.rows(), scores, at);
            }
            if (from + count == spec.penalties().size()) {
              progress.step(targets.columns());
            }
          });
    }
  }

  /** Writes 1 − errors/spread of each target; 0 for one that does not vary. */
  static void score(
      double[] errors, double[] spread, double[] means, int rows, Matrix scores, int at) {
    for (int t = 0; t < spread.length; t++) {
      boolean constant = isConstant(spread[t], means[t], rows);
      scores.array()[at + t] = constant ? 0 : 1 - errors[t] / spread[t];
    }
  }

  private static boolean isConstant(double spread, double mean, int rows) {
    return spread <= CONSTANT * (mean * mean * rows + spread);
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
          double[] wanted = Arrays.copyOfRange(chosen, from, from + targets.columns());
          kernel.ifPresent(system -> sink.accept(from, system.weights(targets, wanted), means));
          eigen.ifPresent(
              system -> {
                Matrix z = system.project(targets);
                double[] found = shrink(system, z, wanted);
                System.arraycopy(found, 0, penalties, from, found.length);
                sink.accept(from, system.weights(z).toTensor(), means);
              });
        });
    return penalties;
  }

  /** Multiplies Z by 1/(s+α) in place and returns α of each target. */
  private double[] shrink(CentredSystem system, Matrix z, double[] wanted) {
    if (!spec.fractions().isEmpty()) {
      return new FractionalRidge(system, z).shrink(z, wanted);
    }
    for (int i = 0; i < system.rank(); i++) {
      for (int t = 0; t < wanted.length; t++) {
        z.array()[i * wanted.length + t] *= system.shrinkage(i, wanted[t]);
      }
    }
    return wanted;
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
