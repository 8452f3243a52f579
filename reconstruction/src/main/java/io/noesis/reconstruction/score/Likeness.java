package io.noesis.reconstruction.score;

import io.noesis.run.Check;
import io.noesis.run.Parallel;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How alike every made thing is to every shown one, {@code [made, shown]}, and what follows from
 * it: the mean over the true pairs, and the rank of the shown one among all. Ties count against it,
 * so that a model that makes the same of everything identifies nothing.
 */
final class Likeness {
  private final double[][] table;

  private Likeness(double[][] table) {
    this.table = table;
  }

  /**
   * Pearson's r of rows, accumulated in double; a row without variation is like nothing: 0.
   *
   * @param made one row per stimulus
   * @param shown one row per stimulus, as wide
   */
  static Likeness pearson(float[][] made, float[][] shown) {
    return of(standardized(made, true), standardized(shown, true));
  }

  /** The cosine of rows; a row of zeros is like nothing: 0. */
  static Likeness cosine(float[][] made, float[][] shown) {
    return of(standardized(made, false), standardized(shown, false));
  }

  private static Likeness of(double[][] made, double[][] shown) {
    Check.size("things that were shown, one for each that was made", made.length, shown.length);
    double[][] table = new double[made.length][shown.length];
    Parallel.forBlocks(
        made.length,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            for (int j = 0; j < shown.length; j++) {
              table[i][j] = dot(made[i], shown[j]);
            }
          }
        });
    return new Likeness(table);
  }

  private static double[][] standardized(float[][] rows, boolean centred) {
    double[][] out = new double[rows.length][];
    Parallel.forBlocks(
        rows.length,
        16,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            out[r] = standardized(rows[r], centred);
          }
        });
    return out;
  }

  private static double[] standardized(float[] row, boolean centred) {
    double mean = 0;
    for (float v : row) {
      mean += v / (double) row.length;
    }
    double[] out = new double[row.length];
    double square = 0;
    double size = 0;
    for (int k = 0; k < row.length; k++) {
      out[k] = centred ? row[k] - mean : row[k];
      square += out[k] * out[k];
      size += (double) row[k] * row[k];
    }
    boolean varies = square > 1e-14 * size;
    double length = Math.sqrt(square);
    for (int k = 0; k < row.length; k++) {
      out[k] = varies ? out[k] / length : 0;
    }
    return out;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  int units() {
    return table.length;
  }

  /** The likeness of each made thing to its own shown one. */
  double[] own() {
    double[] own = new double[units()];
    Arrays.setAll(own, i -> table[i][i]);
    return own;
  }

  /** The mean likeness of the pairs; its chance is the mean of all. */
  PairStatistic mean() {
    double sum = 0;
    for (double[] row : table) {
      for (double v : row) {
        sum += v;
      }
    }
    double all = sum / ((double) units() * units());
    return new PairTable(
        units(), (i, j) -> table[i][j], PairTable.Summary.MEAN, OptionalDouble.of(all));
  }

  /** The share of the other shown things that are strictly less like the made one. */
  PairStatistic twoWay() {
    return new PairTable(
        units(),
        (i, j) -> (units() - rank(i, j)) / (units() - 1.0),
        PairTable.Summary.MEAN,
        OptionalDouble.of(0.5));
  }

  /** Whether the shown one is the most alike of all. */
  PairStatistic first() {
    return new PairTable(
        units(),
        (i, j) -> rank(i, j) == 1 ? 1 : 0,
        PairTable.Summary.MEAN,
        OptionalDouble.of(1.0 / units()));
  }

  /** The median of the rank of the shown one, from 1. */
  PairStatistic medianRank() {
    return new PairTable(
        units(), this::rank, PairTable.Summary.MEDIAN, OptionalDouble.of((units() + 1) / 2.0));
  }

  private int rank(int made, int shown) {
    double own = table[made][shown];
    int rank = 1;
    for (int j = 0; j < units(); j++) {
      rank += j != shown && table[made][j] >= own ? 1 : 0;
    }
    return rank;
  }
}
