package io.noesis.ingest.signal;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * A centre and a spread for each channel or each feature of responses, fitted on some rows and
 * applied to others: {@code (x - centre) / spread}. It remembers the rows it was fitted on, so that
 * an audit can tell when a test row was among them. Immutable.
 */
public final class ResponseScaler {
  /** What has a centre and a spread of its own. */
  public enum Unit {
    /** Each number of a response: a voxel, or a channel at one time. */
    FEATURE,
    /** Each channel (axis 1), over trials and time. */
    CHANNEL
  }

  /** What centre and spread are. */
  public enum Spread {
    /** Mean and standard deviation, dividing by n; a constant unit becomes 0. */
    STANDARD,
    /**
     * Median and distance of the quartiles, interpolated as in scikit-learn's RobustScaler; a
     * distance of 0 counts as 1.
     */
    ROBUST,
    /**
     * The same, but a quantile q of n values is the sorted value number ⌊q·n⌋, as BrainMagick has
     * it (doi:10.1038/s42256-023-00714-5).
     */
    ROBUST_BY_INDEX
  }

  private final Unit unit;
  private final double[] centres;
  private final double[] spreads;
  private final int[] fittedRows;

  private ResponseScaler(Unit unit, double[] centres, double[] spreads, int[] fittedRows) {
    this.unit = unit;
    this.centres = centres;
    this.spreads = spreads;
    this.fittedRows = fittedRows;
  }

  /**
   * Fits on rows.
   *
   * @param rows {@code [rows, features]} or {@code [rows, channels, samples]}, at least 2 rows
   * @param unit what has a centre and a spread of its own
   * @param spread what they are
   * @param rowIds the id of each row in the trial table; copied
   * @return the fitted scaler
   * @throws DataException when there are fewer than 2 rows, or a value is not finite
   */
  public static ResponseScaler fit(Tensor rows, Unit unit, Spread spread, int[] rowIds) {
    Check.size("ids of the rows to fit on", rows.dim(0), rowIds.length);
    if (unit == Unit.FEATURE && spread == Spread.STANDARD) {
      Standardizer columns = Standardizer.fit(flat(rows), rowIds);
      return new ResponseScaler(unit, columns.means(), columns.deviations(), columns.fittedRows());
    }
    if (rows.dim(0) < 2) {
      throw new DataException(
          "fitting centres and spreads: found "
              + rows.dim(0)
              + " row(s), expected at least 2. Choose a split with more training trials.");
    }
    for (float value : rows.array()) {
      if (!Float.isFinite(value)) {
        throw new DataException(
            "fitting centres and spreads: a value is NaN or infinite. Leave such channels out, or"
                + " correct the file.");
      }
    }
    int inner = inner(rows, unit);
    int units = rows.size() / rows.dim(0) / inner;
    double[] centres = new double[units];
    double[] spreads = new double[units];
    Parallel.forBlocks(
        units,
        1,
        (from, to) -> {
          for (int u = from; u < to; u++) {
            float[] values = values(rows, u, inner);
            if (spread == Spread.STANDARD) {
              standard(values, u, centres, spreads);
            } else {
              robust(values, u, centres, spreads, spread);
            }
          }
        });
    return new ResponseScaler(unit, centres, spreads, rowIds.clone());
  }

  /**
   * One that was fitted before.
   *
   * @param unit what has a centre and a spread of its own
   * @param centres of each; copied
   * @param spreads of each, 0 for constant ones; copied
   * @param fittedRows ids of the rows it was fitted on; copied
   * @return an equal scaler
   */
  public static ResponseScaler of(Unit unit, double[] centres, double[] spreads, int[] fittedRows) {
    Check.size("spreads of responses", centres.length, spreads.length);
    return new ResponseScaler(unit, centres.clone(), spreads.clone(), fittedRows.clone());
  }

  private static int inner(Tensor rows, Unit unit) {
    if (unit == Unit.FEATURE) {
      return 1;
    }
    Check.argument(
        rows.shape().rank() == 3,
        "scaling per channel needs epochs [trials, channels, samples], found %s; scale per feature",
        rows.shape());
    return rows.dim(2);
  }

  private static Tensor flat(Tensor rows) {
    return rows.shape().rank() == 2
        ? rows
        : rows.reshape(rows.dim(0), rows.dim(0) == 0 ? 0 : rows.size() / rows.dim(0));
  }

  private static float[] values(Tensor rows, int unit, int inner) {
    int count = rows.dim(0);
    int width = rows.size() / count;
    float[] values = new float[count * inner];
    for (int r = 0; r < count; r++) {
      System.arraycopy(rows.array(), r * width + unit * inner, values, r * inner, inner);
    }
    return values;
  }

  private static void standard(float[] values, int unit, double[] centres, double[] spreads) {
    double mean = 0;
    double largest = 0;
    for (float value : values) {
      mean += value;
      largest = Math.max(largest, Math.abs(value));
    }
    mean /= values.length;
    double square = 0;
    for (float value : values) {
      square += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(square / values.length);
    centres[unit] = mean;
    // Below what float32 can tell from the largest value, the unit is constant.
    spreads[unit] = deviation <= Math.ulp(1f) * largest ? 0 : deviation;
  }

  private static void robust(
      float[] values, int unit, double[] centres, double[] spreads, Spread spread) {
    Arrays.sort(values);
    double distance = quantile(values, 0.75, spread) - quantile(values, 0.25, spread);
    centres[unit] = quantile(values, 0.5, spread);
    spreads[unit] = distance == 0 ? 1 : distance;
  }

  private static double quantile(float[] sorted, double q, Spread spread) {
    if (spread == Spread.ROBUST_BY_INDEX) {
      return sorted[(int) (q * sorted.length)];
    }
    double place = q * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * ((double) sorted[above] - sorted[below]);
  }

  /**
   * Scales rows; a unit that was constant where it was fitted carries nothing and becomes 0.
   *
   * @param rows axes behind the first as they were fitted; not modified
   * @return a new tensor of the same shape
   */
  public Tensor apply(Tensor rows) {
    int inner = inner(rows, unit);
    int width = centres.length * inner;
    Check.argument(
        rows.size() == (long) rows.dim(0) * width,
        "scaling responses of %d units: found %s",
        centres.length,
        rows.shape());
    float[] in = rows.array();
    float[] out = new float[in.length];
    Parallel.forBlocks(
        rows.dim(0),
        64,
        (from, to) -> {
          for (int i = from * width; i < to * width; i++) {
            int u = i % width / inner;
            out[i] = spreads[u] == 0 ? 0 : (float) ((in[i] - centres[u]) / spreads[u]);
          }
        });
    return Tensor.wrap(out, rows.shape().toArray());
  }

  /** What has a centre and a spread of its own. */
  public Unit unit() {
    return unit;
  }

  /** The centre of each unit, in a new array. */
  public double[] centres() {
    return centres.clone();
  }

  /** The spread of each unit, 0 for a constant one, in a new array. */
  public double[] spreads() {
    return spreads.clone();
  }

  /** The ids of the rows it was fitted on, in a new array. */
  public int[] fittedRows() {
    return fittedRows.clone();
  }
}
