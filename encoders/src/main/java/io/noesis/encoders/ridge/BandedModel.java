package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.List;

/** A fitted banded ridge regression ŷ = Σ x_s·W_s + b over feature spaces s. Immutable. */
public final class BandedModel {
  private final List<Tensor> weights;
  private final double[] intercept;
  private final Matrix penalties;
  private final double[] scores;
  private final double[] history;

  private BandedModel(
      List<Tensor> weights,
      double[] intercept,
      Matrix penalties,
      double[] scores,
      double[] history) {
    this.weights = List.copyOf(weights);
    this.intercept = intercept;
    this.penalties = penalties;
    this.scores = scores;
    this.history = history;
  }

  static BandedModel of(
      List<Tensor> spaces,
      double[] targetMeans,
      List<Tensor> weights,
      Matrix penalties,
      double[] scores,
      double[] history) {
    double[] intercept = targetMeans.clone();
    for (int s = 0; s < spaces.size(); s++) {
      Matrix means = Matrix.wrap(1, spaces.get(s).dim(1), Columns.means(spaces.get(s)));
      double[] atMeans = LinearAlgebra.multiply(means, Matrix.of(weights.get(s))).array();
      for (int t = 0; t < intercept.length; t++) {
        intercept[t] -= atMeans[t];
      }
    }
    return new BandedModel(weights, intercept, penalties, scores, history);
  }

  /**
   * Predicts targets of new rows.
   *
   * @param spaces the feature spaces in the order of the fit, each {@code [trials, columns]}
   * @return {@code [trials, dims]}
   */
  public Tensor predict(List<Tensor> spaces) {
    Matrix sum = null;
    for (Matrix part : parts(spaces)) {
      if (sum == null) {
        sum = part;
      } else {
        for (int i = 0; i < part.array().length; i++) {
          sum.array()[i] += part.array()[i];
        }
      }
    }
    if (sum == null) {
      throw new IllegalStateException("a banded model has at least one feature space");
    }
    for (int i = 0; i < sum.array().length; i++) {
      sum.array()[i] += intercept[i % intercept.length];
    }
    return sum.toTensor();
  }

  /**
   * What each feature space contributes to the predictions: they and the intercept sum to them.
   *
   * @param spaces in the order of the fit, each {@code [trials, columns]}
   * @return per space {@code [trials, dims]}
   */
  public List<Tensor> contributions(List<Tensor> spaces) {
    return parts(spaces).stream().map(Matrix::toTensor).toList();
  }

  private List<Matrix> parts(List<Tensor> spaces) {
    Check.size("feature spaces of a banded ridge model", weights.size(), spaces.size());
    return java.util.stream.IntStream.range(0, weights.size())
        .mapToObj(
            s -> {
              Check.size(
                  "columns of feature space " + s, weights.get(s).dim(0), spaces.get(s).dim(1));
              return LinearAlgebra.multiplyInDouble(spaces.get(s), weights.get(s));
            })
        .toList();
  }

  /** W of each feature space {@code [columns, dims]}. */
  public List<Tensor> weights() {
    return weights;
  }

  /** b {@code [dims]}, rounded to float32. */
  public Tensor intercept() {
    return Matrix.wrap(1, intercept.length, intercept).toTensor().reshape(intercept.length);
  }

  /** α/γ of each space for each target {@code [spaces, dims]}; infinite where γ is 0. */
  public Matrix penalties() {
    return Matrix.wrap(penalties.rows(), penalties.columns(), penalties.array().clone());
  }

  /** The score of each target on left-out rows, at what was chosen for it, in a new array. */
  public double[] scores() {
    return scores.clone();
  }

  /** The mean score of each weighting at its best penalties, in the order they were tried. */
  public double[] history() {
    return history.clone();
  }
}
