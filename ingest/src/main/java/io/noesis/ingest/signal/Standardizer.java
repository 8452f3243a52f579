package io.noesis.ingest.signal;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * Means and standard deviations (dividing by n) of columns, fitted on some rows and applied to
 * others: {@code (x - mean) / deviation}. It remembers the ids of the rows it was fitted on, so
 * that an audit can tell when a test row was among them. Immutable.
 */
public final class Standardizer {
  private static final int BLOCK = 512;

  private final double[] means;
  private final double[] deviations;
  private final int[] fittedRows;

  private Standardizer(double[] means, double[] deviations, int[] fittedRows) {
    this.means = means;
    this.deviations = deviations;
    this.fittedRows = fittedRows;
  }

  /**
   * Fits on rows.
   *
   * @param rows {@code [rows, columns]}, at least 2 rows
   * @param rowIds the id of each row in the trial table; copied
   * @return the fitted statistics
   * @throws DataException when there are fewer than 2 rows, or a value is not finite
   */
  public static Standardizer fit(Tensor rows, int[] rowIds) {
    Check.argument(rows.shape().rank() == 2, "fitting needs [rows, columns], found %s", rows);
    Check.size("ids of the rows to fit on", rows.dim(0), rowIds.length);
    int n = rows.dim(0);
    if (n < 2) {
      throw new DataException(
          "fitting means and standard deviations: found "
              + n
              + " row(s), expected at least 2. Choose a split with more training trials.");
    }
    int columns = rows.dim(1);
    double[] means = new double[columns];
    double[] deviations = new double[columns];
    float[] values = rows.array();
    Parallel.forBlocks(
        columns, BLOCK, (from, to) -> fitBlock(values, n, from, to, means, deviations));
    for (int c = 0; c < columns; c++) {
      if (!Double.isFinite(deviations[c])) {
        throw new DataException(
            "fitting means and standard deviations: column "
                + c
                + " has a value that is NaN or infinite. Drop such voxels when masking.");
      }
    }
    return new Standardizer(means, deviations, rowIds.clone());
  }

  private static void fitBlock(
      float[] values, int rows, int from, int to, double[] means, double[] deviations) {
    int columns = means.length;
    float[] largest = new float[to - from];
    for (int r = 0; r < rows; r++) {
      for (int c = from; c < to; c++) {
        float value = values[r * columns + c];
        means[c] += value;
        largest[c - from] = Math.max(largest[c - from], Math.abs(value));
      }
    }
    for (int c = from; c < to; c++) {
      means[c] /= rows;
    }
    for (int r = 0; r < rows; r++) {
      for (int c = from; c < to; c++) {
        double off = values[r * columns + c] - means[c];
        deviations[c] += off * off;
      }
    }
    for (int c = from; c < to; c++) {
      double deviation = Math.sqrt(deviations[c] / rows);
      // Below what float32 can tell from the largest value, the column is constant.
      deviations[c] = deviation <= Math.ulp(1f) * largest[c - from] ? 0 : deviation;
    }
  }

  /**
   * Statistics read back from a file.
   *
   * @param means one per column; copied
   * @param deviations one per column, 0 for a constant one; copied
   * @param fittedRows the ids of the rows they were fitted on; copied
   * @return the same statistics
   */
  public static Standardizer of(double[] means, double[] deviations, int[] fittedRows) {
    Check.size("standard deviations", means.length, deviations.length);
    return new Standardizer(means.clone(), deviations.clone(), fittedRows.clone());
  }

  /**
   * Standardises rows. A column that was constant where it was fitted carries nothing and becomes
   * 0.
   *
   * @param rows {@code [rows, columns]}; not modified
   * @return a new tensor of the same shape
   */
  public Tensor apply(Tensor rows) {
    int columns = means.length;
    Check.argument(
        rows.shape().rank() == 2 && rows.dim(1) == columns,
        "standardising needs [rows, %d], found %s",
        columns,
        rows);
    float[] in = rows.array();
    float[] out = new float[in.length];
    Parallel.forBlocks(
        rows.dim(0),
        64,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            for (int c = 0; c < columns; c++) {
              double deviation = deviations[c];
              out[r * columns + c] =
                  deviation == 0 ? 0 : (float) ((in[r * columns + c] - means[c]) / deviation);
            }
          }
        });
    return Tensor.wrap(out, rows.dim(0), columns);
  }

  /** The mean of each column, in a new array. */
  public double[] means() {
    return means.clone();
  }

  /** The standard deviation of each column, 0 for a constant one, in a new array. */
  public double[] deviations() {
    return deviations.clone();
  }

  /** The ids of the rows it was fitted on, in a new array. */
  public int[] fittedRows() {
    return fittedRows.clone();
  }

  /** How many columns were constant where it was fitted. */
  public int constantColumns() {
    return (int) Arrays.stream(deviations).filter(d -> d == 0).count();
  }

  @Override
  public String toString() {
    return "Standardizer[" + means.length + " columns, fitted on " + fittedRows.length + " rows]";
  }
}
