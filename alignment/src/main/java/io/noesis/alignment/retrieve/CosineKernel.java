package io.noesis.alignment.retrieve;

import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * Cosine similarities of a block of rows with all rows of one matrix, in double. Every product is
 * summed over the columns in ascending order, so that equal vectors have exactly equal similarity
 * wherever they stand: ties are ties.
 */
final class CosineKernel {
  /** Candidates worked on together: their part of one column stays in the first-level cache. */
  private static final int PANEL = 256;

  private final int rows;
  private final int width;
  private final float[] values;
  private final double[] inverseLength;

  /**
   * @param matrix {@code [rows, width]}; read, never copied
   */
  CosineKernel(Tensor matrix) {
    this.rows = matrix.dim(0);
    this.width = matrix.dim(1);
    this.values = matrix.array();
    this.inverseLength = inverseLengths(matrix, 0, rows);
  }

  /** Rows {@code from..to-1} of the queries against every row of the matrix. */
  double[][] similarities(Tensor queries, int from, int to) {
    double[][] out = new double[to - from][rows];
    double[] inverse = inverseLengths(queries, from, to);
    double[] panel = new double[PANEL * width];
    double[] sums = new double[PANEL];
    for (int start = 0; start < rows; start += PANEL) {
      int count = Math.min(PANEL, rows - start);
      transposeInto(panel, start, count);
      for (int q = from; q < to; q++) {
        dotPanel(queries.array(), q * width, panel, count, sums);
        for (int c = 0; c < count; c++) {
          out[q - from][start + c] = sums[c] * inverse[q - from] * inverseLength[start + c];
        }
      }
    }
    return out;
  }

  private void transposeInto(double[] panel, int start, int count) {
    for (int c = 0; c < count; c++) {
      int at = (start + c) * width;
      for (int k = 0; k < width; k++) {
        panel[k * count + c] = values[at + k];
      }
    }
  }

  private void dotPanel(float[] query, int at, double[] panel, int count, double[] sums) {
    Arrays.fill(sums, 0, count, 0);
    for (int k = 0; k < width; k++) {
      double q = query[at + k];
      int base = k * count;
      for (int c = 0; c < count; c++) {
        sums[c] += q * panel[base + c];
      }
    }
  }

  private static double[] inverseLengths(Tensor matrix, int from, int to) {
    int width = matrix.dim(1);
    float[] values = matrix.array();
    double[] out = new double[to - from];
    for (int r = from; r < to; r++) {
      double square = 0;
      for (int k = 0; k < width; k++) {
        double v = values[r * width + k];
        square += v * v;
      }
      out[r - from] = square == 0 ? 0 : 1 / Math.sqrt(square);
    }
    return out;
  }
}
