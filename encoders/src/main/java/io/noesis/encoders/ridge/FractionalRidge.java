package io.noesis.encoders.ridge;

import io.noesis.run.Parallel;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Penalties by what they do: the length of a target's weights as a fraction of their length without
 * a penalty (Rokem and Kay 2020, doi:10.1093/gigascience/giaa133). Lengths are computed on a grid
 * of penalties, five to the decade from 10⁻² of the smallest eigenvalue to 10⁴ times the largest,
 * and log(1 + α) is interpolated linearly in between. Directions that the responses do not have get
 * no weight.
 */
final class FractionalRidge {
  private static final double ABOVE = 1e4;
  private static final double BELOW = 1e-2;
  private static final int STEPS = 5;

  private final double[] values;
  private final double[] grid;

  /** The squared coefficients without a penalty, in the basis {@code [r, targets]}. */
  private final Matrix squares;

  FractionalRidge(CentredSystem system, Matrix projected) {
    this.values = IntStream.range(0, system.rank()).mapToDouble(system::value).toArray();
    double largest = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(0);
    double least = largest * Math.ulp(1.0) * Math.max(system.basis().rows(), values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] > least ? values[i] : 0;
    }
    this.squares = Matrix.wrap(values.length, projected.columns(), projected.array().clone());
    Columns.scaleRows(squares, i -> values[i] == 0 ? 0 : system.coordinate(i) / values[i]);
    double[] all = squares.array();
    for (int i = 0; i < all.length; i++) {
      all[i] *= all[i];
    }
    this.grid = grid(values);
  }

  private static double[] grid(double[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (double value : values) {
      low = value > 0 ? Math.min(low, value) : low;
      high = Math.max(high, value);
    }
    if (high == 0) {
      return new double[] {0};
    }
    int first = (int) Math.floor(StrictMath.log10(BELOW * low)) * STEPS;
    int last = (int) Math.ceil(StrictMath.log10(ABOVE * high)) * STEPS;
    double[] grid = new double[last - first + 1];
    for (int k = first; k < last; k++) {
      grid[k - first + 1] = StrictMath.pow(10, (double) k / STEPS);
    }
    return grid;
  }

  /**
   * Multiplies Z by 1/(s+α) in place.
   *
   * @param fractions one per target
   * @return α of each target
   */
  double[] shrink(Matrix projected, double[] fractions) {
    int targets = projected.columns();
    double[] penalties = new double[targets];
    Parallel.forBlocks(
        targets,
        64,
        (from, to) -> {
          for (int t = from; t < to; t++) {
            penalties[t] = penalty(t, fractions[t]);
            for (int i = 0; i < values.length; i++) {
              projected.array()[i * targets + t] *=
                  values[i] == 0 ? 0 : 1 / (values[i] + penalties[t]);
            }
          }
        });
    return penalties;
  }

  private double penalty(int target, double fraction) {
    double whole = length(target, 0);
    if (whole == 0 || fraction >= 1) {
      return 0;
    }
    double before = 1;
    for (int k = 1; k < grid.length; k++) {
      double now = length(target, grid[k]) / whole;
      if (now <= fraction) {
        double share = before == now ? 1 : (before - fraction) / (before - now);
        double low = StrictMath.log1p(grid[k - 1]);
        return StrictMath.expm1(low + share * (StrictMath.log1p(grid[k]) - low));
      }
      before = now;
    }
    return grid[grid.length - 1];
  }

  private double length(int target, double penalty) {
    double sum = 0;
    int targets = squares.columns();
    for (int i = 0; i < values.length; i++) {
      if (values[i] > 0) {
        double scale = values[i] / (values[i] + penalty);
        sum += scale * scale * squares.array()[i * targets + target];
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * Σ over left-out rows of the squared error of each target at each fraction, by fitting again.
   */
  static double[][] errors(Tensor x, Matrix targets, Folds folds, RidgeSpec spec, Algebra algebra) {
    double[][] errors = new double[spec.fractions().size()][targets.columns()];
    RidgeForm form = spec.form() == RidgeForm.AUTO ? RidgeForm.SVD : spec.form();
    for (int fold = 0; fold < folds.count(); fold++) {
      int[] train = folds.train(fold);
      int[] test = folds.test(fold);
      Tensor rows = x.rows(train);
      CentredSystem system = CentredSystem.of(rows, form, algebra);
      Matrix fitted = targets.rows(train);
      double[] means = Columns.subtractMeans(fitted);
      Matrix projected = system.project(fitted);
      FractionalRidge fractional = new FractionalRidge(system, projected);
      Matrix unseen = Columns.less(Columns.means(rows), x, test, 0, x.dim(1));
      for (int i = 0; i < errors.length; i++) {
        Matrix z = Matrix.wrap(projected.rows(), projected.columns(), projected.array().clone());
        double[] wanted = new double[targets.columns()];
        java.util.Arrays.fill(wanted, spec.fractions().get(i));
        fractional.shrink(z, wanted);
        Matrix predicted = algebra.multiply(unseen, system.weights(z));
        add(targets.rows(test), predicted, means, errors[i]);
      }
    }
    return errors;
  }

  private static void add(Matrix truth, Matrix predicted, double[] means, double[] errors) {
    for (int r = 0, i = 0; r < truth.rows(); r++) {
      for (int t = 0; t < errors.length; t++, i++) {
        double error = truth.array()[i] - means[t] - predicted.array()[i];
        errors[t] += error * error;
      }
    }
  }
}
