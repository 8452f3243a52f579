package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ridge with a penalty of its own for every feature space: minimises ‖Y − Σ X_s·W_s − b‖² + Σ
 * (α/γ_s)·‖W_s‖², where the weighting γ sums to 1 and is found by random search (Dupré la Tour,
 * Eickenberg, Nunez-Elizalde and Gallant 2022, doi:10.1016/j.neuroimage.2022.119728). For every
 * weighting the kernel Σ γ_s·X_s·X_sᵀ is diagonalised once, and all penalties are compared on
 * left-out rows in closed form. Several weightings are worked on side by side.
 */
public final class BandedRidge {
  private final List<Tensor> spaces;
  private final Tensor y;
  private final BandedSpec spec;
  private final Algebra algebra;
  private final List<Matrix> grams;
  private final Matrix targets;
  private final double[] means;

  private BandedRidge(List<Tensor> spaces, Tensor y, BandedSpec spec) {
    this.spaces = spaces;
    this.y = y;
    this.spec = spec;
    this.algebra = RidgeFit.algebra(work(spaces, y, spec), spec.ridge());
    this.grams = spaces.stream().map(s -> CentredSystem.centred(algebra.gram(s))).toList();
    this.means = Columns.means(y);
    this.targets = Columns.less(means, y, IntStream.range(0, y.dim(0)).toArray(), 0, y.dim(1));
  }

  /**
   * Fits.
   *
   * @param spaces the feature spaces, each {@code [trials, columns]}; their scales matter, so
   *     standardise them first
   * @param y targets {@code [trials, dims]}
   * @param groups one label per trial; equal ones are left out together
   * @param spec what to try and how to choose
   * @param seed names the random weightings; another seed, other weightings
   * @param progress hears one step per weighting
   * @return the model; with a shared choice all targets have one weighting and penalty
   */
  public static BandedModel fit(
      List<Tensor> spaces, Tensor y, int[] groups, BandedSpec spec, Seed seed, Progress progress) {
    Check.argument(!spaces.isEmpty(), "banded ridge: expected at least one feature space");
    spaces.forEach(space -> Ridge.check(space, TargetSource.of(y), groups));
    Columns.requireFinite(y, "targets");
    Folds folds =
        spec.ridge().validation() == Validation.LEAVE_ONE_OUT
            ? Folds.single(y.dim(0))
            : Folds.of(groups, spec.ridge().folds());
    BandedRidge fit = new BandedRidge(List.copyOf(spaces), y, spec);
    List<double[]> weightings = weightings(spaces.size(), spec, seed);
    progress.begin("banded ridge", weightings.size());
    Best best = fit.search(weightings, folds, progress);
    BandedModel model = fit.solve(weightings, best);
    progress.done(weightings.size() + " weightings of " + spaces.size() + " feature spaces");
    return model;
  }

  /** Multiply-adds: kernels, and for each weighting its eigenvectors and errors by each penalty. */
  private static double work(List<Tensor> spaces, Tensor y, BandedSpec spec) {
    double square = (double) y.dim(0) * y.dim(0);
    double columns = spaces.stream().mapToDouble(space -> space.dim(1)).sum();
    double each = y.dim(0) + (double) spec.ridge().penalties().size() * y.dim(1);
    return square * (columns + (spec.weightings().size() + spec.candidates()) * each);
  }

  private static List<double[]> weightings(int spaces, BandedSpec spec, Seed seed) {
    List<double[]> out = new ArrayList<>();
    for (List<Double> given : spec.weightings()) {
      Check.size("weights of a weighting of the feature spaces", spaces, given.size());
      double sum = given.stream().mapToDouble(Double::doubleValue).sum();
      Check.argument(
          sum > 0 && given.stream().allMatch(w -> w >= 0 && w < Double.POSITIVE_INFINITY),
          "weightings of feature spaces: expected finite numbers at or above 0, not all 0, found %s",
          given);
      out.add(given.stream().mapToDouble(w -> w / sum).toArray());
    }
    for (int i = 0; i < spec.candidates(); i++) {
      double concentration = spec.concentrations().get(i % spec.concentrations().size());
      out.add(Dirichlet.draw(seed.child("weighting-" + i).random(), concentration, spaces));
    }
    return out;
  }

  /** The best score of each target so far, and what reached it. */
  private static final class Best {
    final double[] scores;
    final int[] weighting;
    final double[] penalty;
    final double[] history;

    Best(int targets, int weightings) {
      scores = new double[targets];
      Arrays.fill(scores, Double.NEGATIVE_INFINITY);
      weighting = new int[targets];
      penalty = new double[targets];
      history = new double[weightings];
    }

    /** Keeps what is better; ties stay with the earlier weighting. */
    void offer(int index, Matrix table, Selection selection, PenaltyChoice choice) {
      List<Double> grid = selection.spec().grid();
      double[] chosen = selection.chosen();
      double[] own = new double[chosen.length];
      double mean = 0;
      for (int t = 0; t < own.length; t++) {
        own[t] = table.at(grid.indexOf(chosen[t]), t);
        mean += own[t] / own.length;
      }
      history[index] = mean;
      boolean whole = mean > Arrays.stream(scores).average().orElse(0);
      for (int t = 0; t < own.length; t++) {
        if (choice == PenaltyChoice.SHARED ? whole : own[t] > scores[t]) {
          scores[t] = own[t];
          weighting[t] = index;
          penalty[t] = chosen[t];
        }
      }
    }
  }

  private CentredSystem system(double[] weighting) {
    int n = y.dim(0);
    Matrix kernel = Matrix.zeros(n, n);
    for (int s = 0; s < weighting.length; s++) {
      double[] from = grams.get(s).array();
      for (int i = 0; i < from.length; i++) {
        kernel.array()[i] += weighting[s] * from[i];
      }
    }
    return new CentredSystem.Dual(Tensor.zeros(n, 0), kernel, algebra);
  }

  private Best search(List<double[]> weightings, Folds folds, Progress progress) {
    Best best = new Best(y.dim(1), weightings.size());
    RidgeSpec ridge = spec.ridge();
    int together = 4; // Fixed: what is held at a time must not depend on the machine.
    for (int first = 0; first < weightings.size(); first += together) {
      int from = first;
      Matrix[] tables = new Matrix[Math.min(together, weightings.size() - from)];
      Parallel.forBlocks(
          tables.length, 1, (i, end) -> tables[i] = scores(weightings.get(from + i), folds));
      for (int i = 0; i < tables.length; i++) {
        Selection selection = Selection.of(Scores.of(tables[i]), ridge, y.dim(1));
        best.offer(from + i, tables[i], selection, ridge.choice());
        progress.step(1);
      }
    }
    return best;
  }

  private Matrix scores(double[] weighting, Folds folds) {
    CentredSystem system = system(weighting);
    LeftOut leftOut = new LeftOut(system, folds);
    Matrix projected = system.project(targets);
    double[] spread = LeftOut.spread(folds, targets);
    int width = spread.length;
    Matrix scores = Matrix.zeros(spec.ridge().penalties().size(), width);
    for (int i = 0; i < scores.rows(); i++) {
      double[] errors = leftOut.errors(targets, projected, spec.ridge().penalties().get(i));
      RidgeFit.score(errors, spread, means, y.dim(0), scores, i * width);
    }
    return scores;
  }

  private BandedModel solve(List<double[]> weightings, Best best) {
    int targetCount = y.dim(1);
    Matrix penalties = Matrix.zeros(spaces.size(), targetCount);
    List<Tensor> weights = spaces.stream().map(s -> Tensor.zeros(s.dim(1), targetCount)).toList();
    for (int index : Arrays.stream(best.weighting).distinct().sorted().toArray()) {
      double[] weighting = weightings.get(index);
      int[] own = IntStream.range(0, targetCount).filter(t -> best.weighting[t] == index).toArray();
      CentredSystem.Dual system = (CentredSystem.Dual) system(weighting);
      Matrix z = system.project(Columns.pick(targets, own));
      for (int i = 0; i < system.rank(); i++) {
        for (int t = 0; t < own.length; t++) {
          z.array()[i * own.length + t] *= system.shrinkage(i, best.penalty[own[t]]);
        }
      }
      Matrix dual = system.coefficients(z);
      for (int s = 0; s < spaces.size(); s++) {
        put(algebra.transposedMultiply(spaces.get(s), dual), weighting[s], own, weights.get(s));
        for (int t : own) {
          penalties.array()[s * targetCount + t] = best.penalty[t] / weighting[s];
        }
      }
    }
    return BandedModel.of(spaces, means, weights, penalties, best.scores, best.history);
  }

  private static void put(Matrix block, double factor, int[] columns, Tensor into) {
    for (int r = 0, i = 0; r < block.rows(); r++) {
      for (int c : columns) {
        into.array()[r * into.dim(1) + c] = (float) (factor * block.array()[i++]);
      }
    }
  }
}
