package io.noesis.alignment.encoding;

import io.noesis.run.Check;
import io.noesis.run.Parallel;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * How well responses to new stimuli were predicted, voxel by voxel. Correlation: Pearson's r over
 * stimuli, 0 where the prediction or the response does not vary. R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²
 * about the mean of the test responses, 0 where that is 0. Chance: stimuli exchanged at random, the
 * same exchange for all voxels, so that neighbours stay dependent.
 *
 * @param correlation {@code [voxels]}
 * @param r2 {@code [voxels]}
 * @param p {@code [voxels]}: (1 + exchanges with a correlation at least as high) / (1 + exchanges)
 * @param threshold the correlation that the best of all voxels exceeds by chance in 5 % of the
 *     exchanges: what is above it is significant whatever the number of voxels
 * @param chance the mean correlation of all voxels over all exchanges
 * @param stimuli how many stimuli
 */
public record VoxelScores(
    Tensor correlation, Tensor r2, Tensor p, double threshold, double chance, int stimuli) {
  private static final int BLOCK = 64;

  /**
   * Scores predictions.
   *
   * @param predicted {@code [stimuli, voxels]}
   * @param measured {@code [stimuli, voxels]}: repetitions averaged, stimuli that trained nothing
   * @param exchanges how many random exchanges, at least 19
   * @param seed names them
   * @return the scores
   */
  public static VoxelScores of(Tensor predicted, Tensor measured, int exchanges, Seed seed) {
    Check.argument(
        predicted.shape().rank() == 2 && predicted.shape().equals(measured.shape()),
        "scoring an encoding model: expected predictions and responses [stimuli, voxels] of one"
            + " shape, found %s and %s",
        predicted.shape(),
        measured.shape());
    int n = predicted.dim(0);
    int voxels = predicted.dim(1);
    Check.argument(n >= 3, "scoring an encoding model needs at least 3 stimuli, found %d", n);
    Check.argument(exchanges >= 19, "at least 19 exchanges are needed, found %d", exchanges);
    int[][] orders = new int[exchanges][];
    Arrays.setAll(orders, e -> seed.child("exchange-" + e).random().permutation(n));
    float[] r = new float[voxels];
    float[] r2 = new float[voxels];
    float[] p = new float[voxels];
    int blocks = (voxels + BLOCK - 1) / BLOCK;
    double[][] highest = new double[blocks][exchanges];
    double[] sums = new double[blocks];
    Parallel.forBlocks(
        voxels,
        BLOCK,
        (from, to) -> {
          double[] best = highest[from / BLOCK];
          Arrays.fill(best, Double.NEGATIVE_INFINITY);
          for (int v = from; v < to; v++) {
            double[] guess = unit(predicted, v);
            double[] truth = unit(measured, v);
            double own = dot(guess, truth);
            r[v] = (float) own;
            r2[v] = (float) explained(predicted, measured, v);
            int above = 1;
            for (int e = 0; e < exchanges; e++) {
              double other = exchanged(guess, truth, orders[e]);
              above += other >= own ? 1 : 0;
              best[e] = Math.max(best[e], other);
              sums[from / BLOCK] += other;
            }
            p[v] = (float) above / (1 + exchanges);
          }
        });
    double chance = Arrays.stream(sums).sum() / Math.max(1, (double) voxels * exchanges);
    return new VoxelScores(
        Tensor.wrap(r, voxels),
        Tensor.wrap(r2, voxels),
        Tensor.wrap(p, voxels),
        threshold(highest, exchanges),
        chance,
        n);
  }

  private static double threshold(double[][] highest, int exchanges) {
    double[] most = new double[exchanges];
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    for (double[] block : highest) {
      for (int e = 0; e < exchanges; e++) {
        most[e] = Math.max(most[e], block[e]);
      }
    }
    Arrays.sort(most);
    return most[(int) Math.ceil(0.95 * exchanges) - 1];
  }

  /**
   * Correlations over the highest that the noise of the recording allows: r / √(NC/100).
   *
   * @param ceilingPercent {@code [voxels]} of {@link io.noesis.ingest.glm.NoiseCeiling#percent} for
   *     as many repetitions as the test responses average
   * @param leastPercent voxels with a lower ceiling have no signal to predict: NaN
   * @return {@code [voxels]}
   */
  public Tensor normalisedCorrelation(Tensor ceilingPercent, double leastPercent) {
    return normalised(ceilingPercent, leastPercent, (value, share) -> value / Math.sqrt(share));
  }

  /**
   * Squared correlations over the noise ceiling: r² / (NC/100), with the sign of r.
   *
   * @param ceilingPercent {@code [voxels]}, as for {@link #normalisedCorrelation}
   * @param leastPercent voxels with a lower ceiling are NaN
   * @return {@code [voxels]}
   */
  public Tensor normalisedVariance(Tensor ceilingPercent, double leastPercent) {
    return normalised(
        ceilingPercent, leastPercent, (value, share) -> value * Math.abs(value) / share);
  }

  private Tensor normalised(
      Tensor ceilingPercent, double leastPercent, java.util.function.DoubleBinaryOperator ratio) {
    Check.size("voxels of the noise ceiling", correlation.size(), ceilingPercent.size());
    Check.argument(
        leastPercent > 0, "the least noise ceiling must be above 0 %%, found %s", leastPercent);
    float[] out = new float[correlation.size()];
    for (int v = 0; v < out.length; v++) {
      double percent = ceilingPercent.array()[v];
      out[v] =
          percent < leastPercent
              ? Float.NaN
              : (float) ratio.applyAsDouble(correlation.array()[v], percent / 100);
    }
    return Tensor.wrap(out, out.length);
  }

  /** How many voxels exceed the threshold. */
  public int significantVoxels() {
    int count = 0;
    for (float r : correlation.array()) {
      count += r > threshold ? 1 : 0;
    }
    return count;
  }

  /** A column less its mean, of length 1; zeros when it does not vary. */
  private static double[] unit(Tensor t, int column) {
    double[] out = new double[t.dim(0)];
    double mean = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = t.at(i, column);
      mean += out[i] / out.length;
    }
    double power = 0;
    double square = 0;
    for (int i = 0; i < out.length; i++) {
      power += out[i] * out[i];
      out[i] -= mean;
      square += out[i] * out[i];
    }
    double scale = square <= 1e-20 * power ? 0 : 1 / Math.sqrt(square);
    for (int i = 0; i < out.length; i++) {
      out[i] *= scale;
    }
    return out;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double exchanged(double[] a, double[] b, int[] order) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[order[i]] * b[i];
    }
    return sum;
  }

  private static double explained(Tensor predicted, Tensor measured, int v) {
    int n = measured.dim(0);
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += measured.at(i, v) / (double) n;
    }
    double error = 0;
    double spread = 0;
    for (int i = 0; i < n; i++) {
      double truth = measured.at(i, v);
      error += (truth - predicted.at(i, v)) * (truth - predicted.at(i, v));
      spread += (truth - mean) * (truth - mean);
    }
    return spread == 0 ? 0 : 1 - error / spread;
  }
}
