package io.noesis.alignment.encoding;

import io.noesis.run.Check;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * The mean over voxels of the correlation of predicted and measured responses, with what it is when
 * stimuli are exchanged at random (the same exchange for all voxels) and an interval over stimuli.
 * Stimuli that are drawn twice say less: every resampled mean is smaller for that, by a bias that
 * does not shrink with the number of voxels, and that is taken off (Efron and Tibshirani 1993,
 * section 10).
 *
 * @param value mean of Pearson's r; 0 for voxels that do not vary
 * @param low 2.5th percentile over resampled stimuli, less their bias
 * @param high 97.5th percentile over resampled stimuli, less their bias
 * @param chance mean over exchanges
 * @param nullLow 2.5th percentile over exchanges
 * @param nullHigh 97.5th percentile over exchanges
 * @param p (1 + exchanges with at least this mean) / (1 + exchanges)
 */
public record MeanCorrelation(
    double value,
    double low,
    double high,
    double chance,
    double nullLow,
    double nullHigh,
    double p) {
  /**
   * Scores predictions.
   *
   * @param predicted {@code [stimuli, voxels]}
   * @param measured {@code [stimuli, voxels]}
   * @param exchanges how many, at least 19
   * @param resamples of the stimuli, at least 19
   * @param seed names both
   * @return the score
   */
  public static MeanCorrelation of(
      Tensor predicted, Tensor measured, int exchanges, int resamples, Seed seed) {
    Check.argument(
        exchanges >= 19 && resamples >= 19,
        "at least 19 exchanges and resamples are needed, found %d and %d",
        exchanges,
        resamples);
    int n = predicted.dim(0);
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    double value = mean(predicted, measured, all, all);
    double[] none = new double[exchanges];
    Parallel.forBlocks(
        exchanges,
        1,
        (e, end) -> {
          int[] order = seed.child("exchange-" + e).random().permutation(n);
          none[e] = mean(predicted, measured, order, all);
        });
    double[] drawn = new double[resamples];
    Parallel.forBlocks(
        resamples,
        1,
        (b, end) -> {
          PinnedRandom random = seed.child("resample-" + b).random();
          int[] some = new int[n];
          Arrays.setAll(some, i -> random.nextInt(n));
          drawn[b] = mean(predicted, measured, some, some);
        });
    Arrays.sort(none);
    Arrays.sort(drawn);
    double bias = Arrays.stream(drawn).average().orElse(value) - value;
    long above = Arrays.stream(none).filter(other -> other >= value).count();
    return new MeanCorrelation(
        value,
        at(drawn, 0.025) - bias,
        at(drawn, 0.975) - bias,
        Arrays.stream(none).average().orElse(0),
        at(none, 0.025),
        at(none, 0.975),
        (1 + above) / (1.0 + exchanges));
  }

  private static double at(double[] sorted, double part) {
    return sorted[(int) Math.round(part * (sorted.length - 1))];
  }

  /** Row by row, as the arrays lie; each voxel's sums are in the order of the rows. */
  private static double mean(Tensor a, Tensor b, int[] rowsA, int[] rowsB) {
    int n = rowsA.length;
    int voxels = a.dim(1);
    double[] meanA = means(a, rowsA);
    double[] meanB = means(b, rowsB);
    double[] ab = new double[voxels];
    double[] aa = new double[voxels];
    double[] bb = new double[voxels];
    float[] valuesA = a.array();
    float[] valuesB = b.array();
    for (int i = 0; i < n; i++) {
      int atA = rowsA[i] * voxels;
      int atB = rowsB[i] * voxels;
      for (int v = 0; v < voxels; v++) {
        double x = valuesA[atA + v] - meanA[v];
        double y = valuesB[atB + v] - meanB[v];
        ab[v] += x * y;
        aa[v] += x * x;
        bb[v] += y * y;
      }
    }
    double sum = 0;
    for (int v = 0; v < voxels; v++) {
      // Below float32's own resolution a column is constant.
      boolean varies =
          aa[v] > 1e-12 * n * meanA[v] * meanA[v] && bb[v] > 1e-12 * n * meanB[v] * meanB[v];
      sum += varies && aa[v] > 0 && bb[v] > 0 ? ab[v] / Math.sqrt(aa[v] * bb[v]) : 0;
    }
    return sum / voxels;
  }

  private static double[] means(Tensor a, int[] rows) {
    double[] mean = new double[a.dim(1)];
    for (int row : rows) {
      int at = row * mean.length;
      for (int v = 0; v < mean.length; v++) {
        mean[v] += a.array()[at + v] / (double) rows.length;
      }
    }
    return mean;
  }
}
