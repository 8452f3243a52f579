package io.noesis.encoders.ridge;

import io.noesis.run.DataException;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;

/** Means and blocks of the columns of a float32 matrix. */
final class Columns {
  private Columns() {}

  /** The mean of each column, summed in float64 from the first row on. */
  static double[] means(Tensor t) {
    int width = t.dim(1);
    double[] means = new double[width];
    float[] values = t.array();
    for (int r = 0, i = 0; r < t.dim(0); r++) {
      for (int c = 0; c < width; c++) {
        means[c] += values[i++];
      }
    }
    for (int c = 0; c < width; c++) {
      means[c] /= t.dim(0);
    }
    return means;
  }

  /** Columns from (inclusive) to (exclusive) of the given rows, less a mean for each column. */
  static Matrix less(double[] means, Tensor t, int[] rows, int from, int to) {
    int width = to - from;
    double[] out = new double[Math.multiplyExact(rows.length, width)];
    float[] values = t.array();
    for (int r = 0, o = 0; r < rows.length; r++) {
      int at = rows[r] * t.dim(1) + from;
      for (int c = 0; c < width; c++) {
        out[o++] = values[at++] - means[from + c];
      }
    }
    return Matrix.wrap(rows.length, width, out);
  }

  /** The means of the given rows only. */
  static double[] means(Tensor t, int[] rows) {
    return means(t.rows(rows));
  }

  static void requireFinite(Tensor t, String name) {
    float[] values = t.array();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DataException(
            "fitting ridge: row "
                + i / t.dim(1)
                + ", column "
                + i % t.dim(1)
                + " of the "
                + name
                + " "
                + t.shape()
                + " is "
                + values[i]
                + "; finite numbers are needed. Remove those rows or columns first, for example voxels outside the mask.");
      }
    }
  }
}
