package io.noesis.ingest.signal;

/** Columns {@code from} to {@code to} of some rows of a matrix; rewrites only those. */
final class ColumnBlock {
  /** A column varying by less than float32 can tell from its largest value is constant. */
  private static final double CONSTANT = Math.ulp(1f);

  private final float[] values;
  private final int columns;
  private final int[] rows;
  private final int from;
  private final int to;

  ColumnBlock(float[] values, int columns, int[] rows, int from, int to) {
    this.values = values;
    this.columns = columns;
    this.rows = rows;
    this.from = from;
    this.to = to;
  }

  /**
   * Removes the span of a basis, then scales.
   *
   * @param basis orthonormal over the rows, {@code [functions][rows]}; the first is constant
   * @param scaling the scale to bring the rest to
   * @param constant set for columns that do not vary
   */
  void clean(double[][] basis, Scaling scaling, boolean[] constant) {
    int width = to - from;
    float[] largest = new float[width];
    double[][] weights = weights(basis, largest);
    double[] squares = subtract(basis, weights);
    if (scaling == Scaling.NONE) {
      return;
    }
    int divisor = scaling == Scaling.ZSCORE_SAMPLE ? rows.length - 1 : rows.length;
    double[] factor = new double[width];
    for (int c = 0; c < width; c++) {
      double deviation = Math.sqrt(squares[c] / divisor);
      constant[from + c] = deviation <= CONSTANT * largest[c];
      factor[c] = constant[from + c] ? 0 : 1 / deviation;
    }
    for (int row : rows) {
      int start = row * columns + from;
      for (int c = 0; c < width; c++) {
        // Adding 0 turns the -0 of a negative rest times 0 into 0.
        values[start + c] = (float) (values[start + c] * factor[c]) + 0f;
      }
    }
  }

  /** The least-squares weights of the orthonormal basis, and each column's largest magnitude. */
  private double[][] weights(double[][] basis, float[] largest) {
    int width = to - from;
    double[][] weights = new double[basis.length][width];
    for (int t = 0; t < rows.length; t++) {
      int start = rows[t] * columns + from;
      for (int c = 0; c < width; c++) {
        largest[c] = Math.max(largest[c], Math.abs(values[start + c]));
      }
      for (int b = 0; b < basis.length; b++) {
        double at = basis[b][t];
        double[] weight = weights[b];
        for (int c = 0; c < width; c++) {
          weight[c] += at * values[start + c];
        }
      }
    }
    return weights;
  }

  /** Subtracts the fitted course; the sums of squares of what is left. */
  private double[] subtract(double[][] basis, double[][] weights) {
    int width = to - from;
    double[] squares = new double[width];
    double[] rest = new double[width];
    for (int t = 0; t < rows.length; t++) {
      int start = rows[t] * columns + from;
      for (int c = 0; c < width; c++) {
        rest[c] = values[start + c];
      }
      for (int b = 0; b < basis.length; b++) {
        double at = basis[b][t];
        double[] weight = weights[b];
        for (int c = 0; c < width; c++) {
          rest[c] -= at * weight[c];
        }
      }
      for (int c = 0; c < width; c++) {
        squares[c] += rest[c] * rest[c];
        values[start + c] = (float) rest[c];
      }
    }
    return squares;
  }
}
