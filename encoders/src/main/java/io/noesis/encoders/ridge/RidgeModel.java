package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.List;

/** A fitted ridge regression ŷ = x·W + b. Immutable. */
public final class RidgeModel {
  private final Tensor weights;
  private final double[] intercept;
  private final double[] penalties;
  private final List<Double> grid;
  private final Matrix scores;

  RidgeModel(
      Tensor weights, double[] intercept, double[] penalties, List<Double> grid, Matrix scores) {
    this.weights = weights;
    this.intercept = intercept;
    this.penalties = penalties;
    this.grid = List.copyOf(grid);
    this.scores = scores;
  }

  /** The intercept follows from the rounded weights, so that rounding cancels at the mean of x. */
  static RidgeModel of(
      Tensor x, Tensor y, Tensor weights, double[] penalties, Matrix scores, RidgeSpec spec) {
    Matrix xMeans = Matrix.wrap(1, x.dim(1), Columns.means(x));
    double[] atMeans = LinearAlgebra.multiply(xMeans, Matrix.of(weights)).array();
    double[] intercept = Columns.means(y);
    for (int t = 0; t < intercept.length; t++) {
      intercept[t] -= atMeans[t];
    }
    return new RidgeModel(weights, intercept, penalties, spec.penalties(), scores);
  }

  /**
   * Predicts targets of new rows.
   *
   * @param x responses {@code [trials, voxels]} with the columns of the training rows
   * @return {@code [trials, dims]}
   * @throws IllegalArgumentException when the number of columns differs
   */
  public Tensor predict(Tensor x) {
    Check.argument(
        x.shape().rank() == 2 && x.dim(1) == weights.dim(0),
        "predicting with ridge: expected responses [trials, %d] as in training, found %s; use the same mask",
        weights.dim(0),
        x.shape());
    Matrix out = LinearAlgebra.multiplyInDouble(x, weights);
    double[] values = out.array();
    for (int r = 0, i = 0; r < out.rows(); r++) {
      for (int t = 0; t < intercept.length; t++) {
        values[i++] += intercept[t];
      }
    }
    return out.toTensor();
  }

  /** W {@code [voxels, dims]}. */
  public Tensor weights() {
    return weights;
  }

  /** b {@code [dims]}, rounded to float32; {@link #predict} uses it in float64. */
  public Tensor intercept() {
    return Matrix.wrap(1, intercept.length, intercept).toTensor().reshape(intercept.length);
  }

  /** The penalty of each target, in a new array. */
  public double[] penalties() {
    return penalties.clone();
  }

  /** The penalties that were compared, ascending. */
  public List<Double> grid() {
    return grid;
  }

  /**
   * The score of each penalty for each target {@code [penalties, dims]} on rows left out: 1 minus
   * squared error over that of the training mean. Empty ({@code [0, dims]}) when only one penalty
   * was given.
   */
  public Matrix scores() {
    return Matrix.wrap(scores.rows(), scores.columns(), scores.array().clone());
  }

  /** The mean of {@link #scores()} over targets for each penalty; empty when one was given. */
  public List<Double> meanScores() {
    return java.util.stream.IntStream.range(0, scores.rows())
        .mapToObj(i -> PenaltySearch.meanOverTargets(scores, i))
        .toList();
  }

  /**
   * How many targets got the smallest or the largest penalty of the grid: then a wider grid may be
   * better, or (at the largest) there may be no signal. 0 when only one penalty was given.
   */
  public int targetsAtGridEdge() {
    if (grid.size() < 2) {
      return 0;
    }
    int count = 0;
    for (double penalty : penalties) {
      count += penalty == grid.get(0) || penalty == grid.get(grid.size() - 1) ? 1 : 0;
    }
    return count;
  }

  double[] exactIntercept() {
    return intercept.clone();
  }
}
