package io.noesis.ingest.glm;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Split-half reliability of betas: the correlation across repeated stimuli of the averages of two
 * halves of their repetitions, lengthened to both halves by Spearman and Brown, {@code 2 r / (1 +
 * r)}, averaged over random splits. With an odd number of repetitions one is left out of each
 * split.
 */
public final class SplitHalf {
  private SplitHalf() {}

  /**
   * Measures the reliability.
   *
   * @param betas {@code [trials, voxels]}
   * @param stimulusIds one per trial
   * @param splits random splits to average over; at least 1
   * @param seed where the splits come from
   * @return {@code [voxels]}; NaN for a voxel that is constant in some half
   * @throws DataException when fewer than three stimuli were repeated
   */
  public static Tensor reliability(Tensor betas, List<String> stimulusIds, int splits, Seed seed) {
    Check.argument(splits > 0, "splits must be at least 1, found %d", splits);
    Check.size("stimulus ids of the trials", betas.dim(0), stimulusIds.size());
    List<int[]> repeated = NoiseCeiling.repeated(stimulusIds);
    if (repeated.size() < 3) {
      throw new DataException(
          "measuring split-half reliability: "
              + repeated.size()
              + " stimuli were repeated, a correlation across stimuli needs at least 3.");
    }
    int voxels = betas.dim(1);
    double[] sum = new double[voxels];
    for (int s = 0; s < splits; s++) {
      PinnedRandom random = seed.child("split-" + s).random();
      double[][] first = new double[repeated.size()][voxels];
      double[][] second = new double[repeated.size()][voxels];
      for (int i = 0; i < repeated.size(); i++) {
        int[] trials = repeated.get(i);
        int[] order = random.permutation(trials.length);
        int half = trials.length / 2;
        for (int k = 0; k < 2 * half; k++) {
          addRow(k < half ? first[i] : second[i], betas, trials[order[k]], 1.0 / half);
        }
      }
      for (int v = 0; v < voxels; v++) {
        double r = correlation(first, second, v);
        sum[v] += 2 * r / (1 + r) / splits;
      }
    }
    float[] out = new float[voxels];
    for (int v = 0; v < voxels; v++) {
      out[v] = (float) sum[v];
    }
    return Tensor.wrap(out, voxels);
  }

  private static void addRow(double[] to, Tensor betas, int trial, double factor) {
    for (int v = 0; v < to.length; v++) {
      to[v] += factor * betas.array()[trial * to.length + v];
    }
  }

  private static double correlation(double[][] a, double[][] b, int v) {
    double meanA = 0;
    double meanB = 0;
    for (int i = 0; i < a.length; i++) {
      meanA += a[i][v] / a.length;
      meanB += b[i][v] / b.length;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i][v] - meanA) * (b[i][v] - meanB);
      aa += (a[i][v] - meanA) * (a[i][v] - meanA);
      bb += (b[i][v] - meanB) * (b[i][v] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }
}
