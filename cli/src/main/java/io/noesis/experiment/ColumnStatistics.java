package io.noesis.experiment;

import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Mean and deviation of each number of some rows; the mean square is divided by the number of rows.
 */
final class ColumnStatistics {
  private final double[] means;
  private final double[] deviations;

  private ColumnStatistics(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /**
   * In two passes.
   *
   * @param rows {@code [rows, ...]}
   */
  static ColumnStatistics of(Tensor rows) {
    int count = rows.dim(0);
    int width = rows.size() / count;
    double[] means = new double[width];
    for (int i = 0; i < rows.size(); i++) {
      means[i % width] += rows.array()[i];
    }
    for (int c = 0; c < width; c++) {
      means[c] /= count;
    }
    double[] deviations = new double[width];
    for (int i = 0; i < rows.size(); i++) {
      double apart = rows.array()[i] - means[i % width];
      deviations[i % width] += apart * apart;
    }
    for (int c = 0; c < width; c++) {
      deviations[c] = Math.sqrt(deviations[c] / count);
    }
    return new ColumnStatistics(means, deviations);
  }

  /** Those of columns that lie beside each other. */
  static ColumnStatistics beside(List<ColumnStatistics> parts) {
    return new ColumnStatistics(
        parts.stream().flatMapToDouble(part -> DoubleStream.of(part.means)).toArray(),
        parts.stream().flatMapToDouble(part -> DoubleStream.of(part.deviations)).toArray());
  }

  int columns() {
    return means.length;
  }

  double mean(int column) {
    return means[column];
  }

  double deviation(int column) {
    return deviations[column];
  }

  /** The means as a row {@code [1, dim]}. */
  Tensor mean() {
    float[] row = new float[means.length];
    for (int c = 0; c < row.length; c++) {
      row[c] = (float) means[c];
    }
    return Tensor.wrap(row, 1, row.length);
  }
}
