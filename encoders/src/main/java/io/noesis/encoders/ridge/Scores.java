package io.noesis.encoders.ridge;

import io.noesis.tensor.Matrix;
import java.util.Arrays;

/**
 * How penalties or fractions did on rows left out: 1 minus squared error over that of the training
 * mean.
 *
 * @param means over targets, of each; empty when there is nothing to choose
 * @param each {@code [grid, targets]}; without rows when means alone were computed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Scores(double[] means, Matrix each) {
  static Scores of(Matrix each) {
    double[] means = new double[each.rows()];
    Arrays.setAll(means, i -> mean(each, i));
    return new Scores(means, each);
  }

  private static double mean(Matrix scores, int row) {
    double sum = 0;
    for (int t = 0; t < scores.columns(); t++) {
      sum += scores.at(row, t);
    }
    return sum / scores.columns();
  }
}
