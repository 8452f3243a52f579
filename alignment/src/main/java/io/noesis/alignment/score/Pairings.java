package io.noesis.alignment.score;

import java.util.Arrays;

/**
 * The value of every possible pairing of a decoded row with a unit's truth. With it the observed
 * score, a permutation of the truths and a resample of the units are look-ups.
 */
public final class Pairings {
  private final UnitRows rows;
  private final Values values;
  private final Statistic statistic;

  /** The value of one pairing. */
  @FunctionalInterface
  interface Values {
    /** The value of a row when the truth of {@code unit} is taken for its own. */
    double at(int row, int unit);
  }

  Pairings(UnitRows rows, Values values, Statistic statistic) {
    this.rows = rows;
    this.values = values;
    this.statistic = statistic;
  }

  int units() {
    return rows.units();
  }

  UnitRows rows() {
    return rows;
  }

  /** The score of the true pairing. */
  double observed() {
    int[] identity = new int[units()];
    for (int u = 0; u < identity.length; u++) {
      identity[u] = u;
    }
    return of(identity, identity);
  }

  /**
   * The score of units that take others' truths.
   *
   * @param units which units count, one may count more than once
   * @param truths the unit whose truth each of them takes
   */
  double of(int[] units, int[] truths) {
    int count = 0;
    for (int u : units) {
      count += rows.members()[u].length;
    }
    double[] taken = new double[count];
    int[] labels = new int[count];
    int at = 0;
    for (int i = 0; i < units.length; i++) {
      for (int row : rows.members()[units[i]]) {
        taken[at] = values.at(row, truths[i]);
        labels[at++] = rows.label()[truths[i]];
      }
    }
    return statistic.of(taken, labels);
  }

  /**
   * The values of the true pairing.
   *
   * @param values unit after unit
   * @param units of each value
   * @param labels of each value's truth
   * @param statistic that makes them one number
   */
  @SuppressWarnings("ArrayRecordComponent") // Package-private; made once, read only.
  record Own(double[] values, int[] units, int[] labels, Statistic statistic) {
    /** The score when the units that are exchanged have the values of another decoding. */
    double exchanged(Own other, boolean[] exchanged) {
      double[] taken = new double[values.length];
      for (int i = 0; i < taken.length; i++) {
        taken[i] = exchanged[units[i]] ? other.values[i] : values[i];
      }
      return statistic.of(taken, labels);
    }
  }

  /** The values of the true pairing. */
  Own own() {
    int count = Arrays.stream(rows.members()).mapToInt(m -> m.length).sum();
    double[] taken = new double[count];
    int[] units = new int[count];
    int[] labels = new int[count];
    int at = 0;
    for (int u = 0; u < units(); u++) {
      for (int row : rows.members()[u]) {
        taken[at] = values.at(row, u);
        units[at] = u;
        labels[at++] = rows.label()[u];
      }
    }
    return new Own(taken, units, labels, statistic);
  }

  /**
   * The expectation of the mean over all permutations within the groups, in closed form: every unit
   * takes the truth of every unit of its group equally often.
   */
  double expectedMean() {
    int[][] byGroup = membersOf(rows.group());
    double sum = 0;
    long count = 0;
    for (int u = 0; u < units(); u++) {
      int[] group = byGroup[rows.group()[u]];
      for (int row : rows.members()[u]) {
        double own = 0;
        for (int w : group) {
          own += values.at(row, w);
        }
        sum += own / group.length;
        count++;
      }
    }
    return sum / count;
  }

  /** The units of each group. */
  static int[][] membersOf(int[] group) {
    int groups = Arrays.stream(group).max().orElse(-1) + 1;
    int[] size = new int[groups];
    for (int g : group) {
      size[g]++;
    }
    int[][] out = new int[groups][];
    for (int g = 0; g < groups; g++) {
      out[g] = new int[size[g]];
    }
    int[] next = new int[groups];
    for (int u = 0; u < group.length; u++) {
      out[group[u]][next[group[u]]++] = u;
    }
    return out;
  }
}
