package io.noesis.alignment.encoding;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/** How the variance that several feature spaces explain together splits over them. */
public final class VariancePartition {
  private VariancePartition() {}

  /**
   * The product measure: with responses y and the parts ŷ_s of the prediction ŷ = Σ ŷ_s, all about
   * their means over stimuli, R²_s = Σ ŷ_s·(2y − ŷ) / Σ y², which sum to R² = 1 − Σ(y − ŷ)² / Σ y²
   * (as in himalaya; Dupré la Tour et al. 2022, doi:10.1016/j.neuroimage.2022.119728). A part can
   * be below 0; all are 0 where the response does not vary.
   *
   * @param parts of the prediction, one tensor {@code [stimuli, voxels]} per space
   * @param measured {@code [stimuli, voxels]}
   * @return {@code [spaces, voxels]}
   */
  public static Tensor of(List<Tensor> parts, Tensor measured) {
    int n = measured.dim(0);
    int voxels = measured.dim(1);
    for (Tensor part : parts) {
      Check.argument(
          part.shape().equals(measured.shape()),
          "splitting explained variance: expected parts %s, found %s",
          measured.shape(),
          part.shape());
    }
    float[] out = new float[parts.size() * voxels];
    for (int v = 0; v < voxels; v++) {
      double[] y = centred(measured, v);
      double[][] own = new double[parts.size()][];
      double[] sum = new double[n];
      double power = 0;
      for (int s = 0; s < own.length; s++) {
        own[s] = centred(parts.get(s), v);
        for (int i = 0; i < n; i++) {
          sum[i] += own[s][i];
        }
      }
      for (double value : y) {
        power += value * value;
      }
      for (int s = 0; s < own.length; s++) {
        double shared = 0;
        for (int i = 0; i < n; i++) {
          shared += own[s][i] * (2 * y[i] - sum[i]);
        }
        out[s * voxels + v] = power == 0 ? 0 : (float) (shared / power);
      }
    }
    return Tensor.wrap(out, parts.size(), voxels);
  }

  private static double[] centred(Tensor t, int column) {
    double[] out = new double[t.dim(0)];
    double mean = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = t.at(i, column);
      mean += out[i] / out.length;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] -= mean;
    }
    return out;
  }
}
