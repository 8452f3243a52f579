package io.noesis.encoders.ridge;

import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Means and blocks of the columns of a float32 matrix. */
final class Columns {
  private Columns() {}

  /** Columns of one task: their sums stay in the first cache, rows are read in whole lines. */
  static final int TOGETHER = 512;

  /** The mean of each column, summed in float64 from the first row on. */
  static double[] means(Tensor t) {
    int width = t.dim(1);
    double[] means = new double[width];
    float[] values = t.array();
    Parallel.forBlocks(
        width,
        TOGETHER,
        (from, to) -> {
          for (int r = 0; r < t.dim(0); r++) {
            int row = r * width;
            for (int c = from; c < to; c++) {
              means[c] += values[row + c];
            }
          }
          for (int c = from; c < to; c++) {
            means[c] /= t.dim(0);
          }
        });
    return means;
  }

  /** Columns from (inclusive) to (exclusive) of the given rows, less a mean for each column. */
  static Matrix less(double[] means, Tensor t, int[] rows, int from, int to) {
    int width = to - from;
    double[] out = new double[Math.multiplyExact(rows.length, width)];
    float[] values = t.array();
    Parallel.forBlocks(
        rows.length,
        16,
        (first, last) -> {
          for (int r = first, o = first * width; r < last; r++) {
            int at = rows[r] * t.dim(1) + from;
            for (int c = 0; c < width; c++) {
              out[o++] = values[at++] - means[from + c];
            }
          }
        });
    return Matrix.wrap(rows.length, width, out);
  }

  /** All rows less the mean of each column. */
  static Matrix centred(Tensor t) {
    int[] all = IntStream.range(0, t.dim(0)).toArray();
    return less(means(t), t, all, 0, t.dim(1));
  }

  /** Takes the mean of each column away, in place, and returns the means. */
  static double[] subtractMeans(Matrix m) {
    int width = m.columns();
    double[] means = new double[width];
    double[] values = m.array();
    Parallel.forBlocks(
        width,
        TOGETHER,
        (from, to) -> {
          for (int r = 0; r < m.rows(); r++) {
            int row = r * width;
            for (int c = from; c < to; c++) {
              means[c] += values[row + c];
            }
          }
          for (int c = from; c < to; c++) {
            means[c] /= m.rows();
          }
          for (int r = 0; r < m.rows(); r++) {
            int row = r * width;
            for (int c = from; c < to; c++) {
              values[row + c] -= means[c];
            }
          }
        });
    return means;
  }

  /** Multiplies every row by its factor, in place. */
  static void scaleRows(Matrix m, IntToDoubleFunction factor) {
    int width = m.columns();
    for (int r = 0, i = 0; r < m.rows(); r++) {
      double f = factor.applyAsDouble(r);
      for (int c = 0; c < width; c++) {
        m.array()[i++] *= f;
      }
    }
  }

  /** Multiplies every column by its factor, in place. */
  static void multiply(Matrix m, double[] factors) {
    double[] values = m.array();
    Parallel.forBlocks(
        m.rows(),
        16,
        (from, to) -> {
          for (int r = from, i = from * factors.length; r < to; r++) {
            for (int c = 0; c < factors.length; c++) {
              values[i++] *= factors[c];
            }
          }
        });
  }

  /** Some columns, copied. */
  static Matrix pick(Matrix m, int[] columns) {
    Matrix out = Matrix.zeros(m.rows(), columns.length);
    for (int r = 0, o = 0; r < m.rows(); r++) {
      for (int c : columns) {
        out.array()[o++] = m.at(r, c);
      }
    }
    return out;
  }

  /** A copy with every column multiplied by its factor. */
  static Matrix scaledColumns(Matrix m, double[] factors) {
    double[] out = new double[m.array().length];
    for (int r = 0, i = 0; r < m.rows(); r++) {
      for (int c = 0; c < factors.length; c++, i++) {
        out[i] = m.array()[i] * factors[c];
      }
    }
    return Matrix.wrap(m.rows(), factors.length, out);
  }

  static void requireFinite(Tensor t, String name) {
    requireFinite(t, name, 0);
  }

  /** The same for a block whose first column is the given one of all. */
  static void requireFinite(Tensor t, String name, int first) {
    float[] values = t.array();
    LongAccumulator earliest = new LongAccumulator(Math::min, values.length);
    Parallel.forBlocks(
        values.length,
        1 << 16,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            if (!Float.isFinite(values[i])) {
              earliest.accumulate(i);
              return;
            }
          }
        });
    int i = earliest.intValue();
    if (i < values.length) {
      throw notFinite(t, name, i / t.dim(1), i % t.dim(1), first);
    }
  }

  private static DataException notFinite(Tensor t, String name, int row, int column, int first) {
    return new DataException(
        "fitting ridge: row "
            + row
            + ", column "
            + (first + column)
            + " of the "
            + name
            + " "
            + t.shape()
            + " is "
            + t.at(row, column)
            + "; finite numbers are needed. Remove those rows or columns first, for example voxels outside the mask.");
  }
}
