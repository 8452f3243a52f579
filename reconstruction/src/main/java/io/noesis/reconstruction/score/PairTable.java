package io.noesis.reconstruction.score;

import io.noesis.run.Check;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The mean or the median of a value that every pair has by itself. Values are computed when they
 * are asked for the first time, so that a costly one is only computed for the pairs that are drawn.
 */
final class PairTable implements PairStatistic {
  private static final double UNKNOWN = Double.NEGATIVE_INFINITY;

  private final double[][] values;
  private final Value value;
  private final Summary summary;
  private final OptionalDouble chance;

  /** The value of one pair; finite. */
  @FunctionalInterface
  interface Value {
    double of(int made, int shown);
  }

  /** How values become one. */
  enum Summary {
    MEAN {
      @Override
      double of(double[] values) {
        double sum = 0;
        for (double v : values) {
          sum += v;
        }
        return sum / values.length;
      }
    },
    MEDIAN {
      @Override
      double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      }
    };

    abstract double of(double[] values);
  }

  PairTable(int units, Value value, Summary summary, OptionalDouble chance) {
    this.values = new double[units][units];
    for (double[] row : values) {
      Arrays.fill(row, UNKNOWN);
    }
    this.value = value;
    this.summary = summary;
    this.chance = chance;
  }

  @Override
  public int units() {
    return values.length;
  }

  @Override
  public double of(int[] made, int[] shown) {
    double[] taken = new double[made.length];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = at(made[i], shown[i]);
    }
    return summary.of(taken);
  }

  @Override
  public OptionalDouble chance() {
    return chance;
  }

  /** Two threads may compute the same value; they compute the same number. */
  private double at(int made, int shown) {
    double known = values[made][shown];
    if (known == UNKNOWN) {
      known = value.of(made, shown);
      Check.argument(
          Double.isFinite(known),
          "the value of the pair %d, %d came out as %f",
          made,
          shown,
          known);
      values[made][shown] = known;
    }
    return known;
  }
}
