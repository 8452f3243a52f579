package io.noesis.ingest.signal;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Detrending and z-scoring of the columns of {@code [time, columns]}, in blocks of columns on
 * several threads, with sums in double. The result does not depend on the number of threads.
 */
public final class TimeSeries {
  /** 512 columns of a few hundred volumes stay in the second-level cache over all passes. */
  private static final int BLOCK = 512;

  private TimeSeries() {}

  /**
   * A cleaned matrix.
   *
   * @param values {@code [time, columns]}
   * @param constantColumns columns that did not vary in some group; they are 0 there
   */
  public record Cleaned(Tensor values, int constantColumns) {}

  /**
   * Removes a polynomial from every column by least squares over all rows. Degree 0 removes the
   * mean, 1 a line too; the mean is not put back.
   *
   * @param series {@code [time, columns]}; not modified
   * @param degree at least 0 and less than the number of rows
   * @return a new tensor {@code [time, columns]}
   * @throws DataException when there are too few rows
   */
  public static Tensor detrend(Tensor series, int degree) {
    Check.argument(degree >= 0, "the degree of a trend must be at least 0, found %d", degree);
    if (checked(series).dim(0) <= degree) {
      throw new DataException(
          String.format(
              "removing a trend of degree %d: found %d rows, expected at least %d. Use a lower"
                  + " degree.",
              degree, series.dim(0), degree + 1));
    }
    float[] out = series.array().clone();
    clean(out, series.dim(1), rows(series.dim(0)), degree, Scaling.NONE);
    return Tensor.wrap(out, series.dim(0), series.dim(1));
  }

  /**
   * Detrends and scales every column within each group of rows (runs), so that no statistic crosses
   * a group.
   *
   * @param series {@code [time, columns]}; not modified
   * @param groups one label per row
   * @param trend what to remove first; time counts 0, 1, 2, ... within the group
   * @param scaling the scale to bring the rest to
   * @return the cleaned matrix; a constant column becomes 0 and is counted
   * @throws DataException when a group has too few rows for that
   */
  public static Cleaned cleanWithin(Tensor series, int[] groups, Trend trend, Scaling scaling) {
    Check.size("group labels of " + series, checked(series).dim(0), groups.length);
    Map<Integer, List<Integer>> members =
        IntStream.range(0, groups.length)
            .boxed()
            .collect(Collectors.groupingBy(r -> groups[r], TreeMap::new, Collectors.toList()));
    float[] out = series.array().clone();
    boolean[] constant = new boolean[series.dim(1)];
    members.forEach(
        (group, list) -> {
          int[] rows = list.stream().mapToInt(r -> r).toArray();
          requireRows(rows.length, trend, scaling, "group " + group);
          mark(constant, clean(out, series.dim(1), rows, trend.degree(), scaling));
        });
    return new Cleaned(Tensor.wrap(out, series.dim(0), series.dim(1)), count(constant));
  }

  /**
   * Detrends and scales every column of one run, in the array itself, so that a run needs no second
   * matrix.
   *
   * @param values row-major {@code [time, columns]}, overwritten; owned by the caller
   * @param columns how many columns
   * @param trend what to remove first
   * @param scaling the scale to bring the rest to
   * @return how many columns were constant; they are 0 now. Always 0 without scaling
   * @throws DataException when there are too few rows for that
   */
  public static int cleanInPlace(float[] values, int columns, Trend trend, Scaling scaling) {
    Check.argument(
        columns > 0 && values.length % columns == 0,
        "%d values are not whole rows of %d columns",
        values.length,
        columns);
    int rows = values.length / columns;
    requireRows(rows, trend, scaling, "the run");
    return count(clean(values, columns, rows(rows), trend.degree(), scaling));
  }

  private static void requireRows(int rows, Trend trend, Scaling scaling, String where) {
    int needed = Math.max(trend.degree() + 1, scaling == Scaling.NONE ? 1 : 2);
    if (rows < needed) {
      throw new DataException(
          String.format(
              "removing trend %s and scaling by %s: %s has %d row(s), expected at least %d. Use a"
                  + " lower trend, or no scaling for this one.",
              trend, scaling, where, rows, needed));
    }
  }

  private static Tensor checked(Tensor series) {
    Check.argument(
        series.shape().rank() == 2, "time series need [time, columns], found %s", series);
    return series;
  }

  private static int[] rows(int n) {
    int[] rows = new int[n];
    Arrays.setAll(rows, r -> r);
    return rows;
  }

  private static boolean[] clean(
      float[] values, int columns, int[] rows, int degree, Scaling scaling) {
    boolean[] constant = new boolean[columns];
    int removed = scaling == Scaling.NONE ? degree : Math.max(degree, 0);
    if (removed >= 0) {
      double[][] basis = PolynomialBasis.orthonormal(rows.length, removed);
      Parallel.forBlocks(
          columns,
          BLOCK,
          (from, to) ->
              new ColumnBlock(values, columns, rows, from, to).clean(basis, scaling, constant));
    }
    return constant;
  }

  private static void mark(boolean[] all, boolean[] some) {
    for (int c = 0; c < all.length; c++) {
      all[c] |= some[c];
    }
  }

  private static int count(boolean[] flags) {
    int n = 0;
    for (boolean flag : flags) {
      n += flag ? 1 : 0;
    }
    return n;
  }
}
