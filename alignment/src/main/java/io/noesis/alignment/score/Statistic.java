package io.noesis.alignment.score;

import java.util.Arrays;

/** How the values of single rows become one number. */
enum Statistic {
  MEAN {
    @Override
    double of(double[] values, int[] labels) {
      double sum = 0;
      for (double v : values) {
        sum += v;
      }
      return sum / values.length;
    }
  },
  MEDIAN {
    @Override
    double of(double[] values, int[] labels) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
  },
  /** The mean over labels of the mean within a label; a label without rows does not count. */
  MEAN_OVER_LABELS {
    @Override
    double of(double[] values, int[] labels) {
      int most = Arrays.stream(labels).max().orElse(0);
      double[] sum = new double[most + 1];
      int[] count = new int[most + 1];
      for (int i = 0; i < values.length; i++) {
        sum[labels[i]] += values[i];
        count[labels[i]]++;
      }
      double total = 0;
      int present = 0;
      for (int label = 0; label <= most; label++) {
        if (count[label] > 0) {
          total += sum[label] / count[label];
          present++;
        }
      }
      return total / present;
    }
  };

  abstract double of(double[] values, int[] labels);
}
