package io.noesis.alignment.geometry;

import java.util.Arrays;

/** Functions over vectors of distances. */
final class Vectors {
  private Vectors() {}

  /** Centres and scales to length 1 in place; false when the values do not vary. */
  static boolean standardise(double[] values, int from, int count) {
    double mean = 0;
    double largest = 0;
    for (int k = from; k < from + count; k++) {
      mean += values[k] / count;
      largest = Math.max(largest, Math.abs(values[k]));
    }
    double square = 0;
    for (int k = from; k < from + count; k++) {
      values[k] -= mean;
      square += values[k] * values[k];
    }
    double length = Math.sqrt(square);
    if (length <= 1e-12 * largest * Math.sqrt(count)) {
      return false;
    }
    for (int k = from; k < from + count; k++) {
      values[k] /= length;
    }
    return true;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Ranks from 1; equal values share the mean of their ranks. */
  static double[] averageRanks(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int below = countBelow(sorted, values[i]);
      int upTo = countBelow(sorted, Math.nextUp(values[i]));
      ranks[i] = (below + 1 + upTo) / 2.0;
    }
    return ranks;
  }

  private static int countBelow(double[] sorted, double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Concordant minus discordant pairs, by merge sort in n log n (Knight 1966,
   * doi:10.1080/01621459.1966.10480879).
   */
  static long concordance(double[] x, double[] y) {
    int n = x.length;
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) -> {
          int byX = Double.compare(x[a], x[b]);
          return byX != 0 ? byX : Double.compare(y[a], y[b]);
        });
    double[] xs = new double[n];
    double[] ys = new double[n];
    for (int i = 0; i < n; i++) {
      xs[i] = x[order[i]];
      ys[i] = y[order[i]];
    }
    long both = 0;
    long run = 1;
    for (int i = 1; i < n; i++) {
      run = xs[i] == xs[i - 1] && ys[i] == ys[i - 1] ? run + 1 : 1;
      both += run - 1;
    }
    long tiedX = tied(xs);
    long swaps = sortCountingSwaps(ys, new double[n], 0, n);
    long tiedY = tied(ys);
    return (long) n * (n - 1) / 2 - tiedX - tiedY + both - 2 * swaps;
  }

  /** Pairs of equal values in a sorted array. */
  private static long tied(double[] sorted) {
    long pairs = 0;
    long run = 1;
    for (int i = 1; i < sorted.length; i++) {
      run = sorted[i] == sorted[i - 1] ? run + 1 : 1;
      pairs += run - 1;
    }
    return pairs;
  }

  private static long sortCountingSwaps(double[] values, double[] spare, int from, int to) {
    if (to - from < 2) {
      return 0;
    }
    int middle = (from + to) >>> 1;
    long swaps =
        sortCountingSwaps(values, spare, from, middle)
            + sortCountingSwaps(values, spare, middle, to);
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      if (right >= to || (left < middle && values[left] <= values[right])) {
        spare[at] = values[left++];
      } else {
        swaps += middle - left;
        spare[at] = values[right++];
      }
    }
    System.arraycopy(spare, from, values, from, to - from);
    return swaps;
  }
}
