package io.noesis.ingest.glm;

import io.noesis.run.DataException;
import java.util.ArrayList;
import java.util.List;

/** The responses to single trials as the volumes of a run would see them. */
final class TrialColumns {
  /** A response whose sampled part stays below this share of the whole cannot be estimated. */
  private static final double LEAST_SHARE = 1e-3;

  private TrialColumns() {}

  /**
   * A box from a to b convolved with a kernel is, at grid point k, H(k - a) - H(k - b), where H is
   * the running sum of the kernel: only the grid points around the volumes are ever visited.
   */
  static List<double[]> of(double[] frames, List<TrialTiming> trials, DesignSpec spec) {
    Grid grid = Grid.of(frames, spec.oversampling());
    double[] sums = runningSum(spec.hrf().kernel(smallestStep(frames), spec.oversampling()));
    double top = 0;
    for (double s : sums) {
      top = Math.max(top, Math.abs(s));
    }
    List<double[]> columns = new ArrayList<>();
    for (TrialTiming trial : trials) {
      int from = grid.at(trial.onsetSeconds());
      int to = grid.at(trial.onsetSeconds() + trial.durationSeconds());
      if (to == from && to < grid.size() - 1) {
        to++;
      }
      double[] column = new double[frames.length];
      double largest = 0;
      for (int v = 0; v < frames.length; v++) {
        int right = Math.max(1, grid.at(frames[v]));
        double left = grid.time(right - 1);
        double weight = (frames[v] - left) / (grid.time(right) - left);
        column[v] =
            (1 - weight) * box(sums, right - 1, from, to) + weight * box(sums, right, from, to);
        largest = Math.max(largest, Math.abs(column[v]));
      }
      checkSeen(trial, largest, peakOf(sums, Math.max(1, to - from), top));
      columns.add(column);
    }
    return columns;
  }

  private static void checkSeen(TrialTiming trial, double largest, double whole) {
    if (largest < LEAST_SHARE * whole) {
      throw new DataException(
          "building a design: no volume saw the response to trial '"
              + trial.id()
              + "' at "
              + trial.onsetSeconds()
              + " s; it is too close to an end of the run. Leave the trial out or use a longer run.");
    }
  }

  /** The highest point of the response to a box of that many steps, were the run long enough. */
  private static double peakOf(double[] sums, int steps, double top) {
    double peak = 0;
    for (int k = 0; k < sums.length; k++) {
      peak = Math.max(peak, Math.abs(box(sums, k, 0, steps)));
    }
    return Math.min(peak, top);
  }

  private static double box(double[] sums, int k, int from, int to) {
    return sumTo(sums, k - from) - sumTo(sums, k - to);
  }

  private static double sumTo(double[] sums, int k) {
    return k < 0 ? 0 : sums[Math.min(k, sums.length - 1)];
  }

  private static double[] runningSum(double[] kernel) {
    double[] sums = new double[kernel.length];
    double sum = 0;
    for (int i = 0; i < kernel.length; i++) {
      sum += kernel[i];
      sums[i] = sum;
    }
    return sums;
  }

  private static double smallestStep(double[] frames) {
    double step = Double.POSITIVE_INFINITY;
    for (int v = 1; v < frames.length; v++) {
      step = Math.min(step, frames[v] - frames[v - 1]);
    }
    return step;
  }
}
