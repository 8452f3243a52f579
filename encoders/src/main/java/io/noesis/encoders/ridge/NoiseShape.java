package io.noesis.encoders.ridge;

import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.SymmetricEigen;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How the noise of voxels goes together: the correlations R = BᵀB of residuals, shrunk to (1 − λ)R
 * + λI. B has orthogonal rows, so that the inverse is (I − Bᵀ·diag(f)·B)/λ with f = (1 − λ)/(λ + (1
 * − λ)γ), γ the rows' squared lengths.
 */
final class NoiseShape {
  private static final double ROUNDING = 1e-10;

  private final Matrix factor;
  private final double[] lengths;

  private NoiseShape(Matrix factor, double[] lengths) {
    this.factor = factor;
    this.lengths = lengths;
  }

  /** B {@code [m, voxels]}. */
  Matrix factor() {
    return factor;
  }

  /**
   * Estimates it.
   *
   * @param residuals {@code [rows, voxels]}
   */
  static NoiseShape of(Matrix residuals, Algebra algebra) {
    int n = residuals.rows();
    int voxels = residuals.columns();
    double[] scale = new double[voxels];
    for (int i = 0; i < residuals.array().length; i++) {
      scale[i % voxels] += residuals.array()[i] * residuals.array()[i];
    }
    Arrays.setAll(scale, v -> scale[v] > 0 ? 1 / Math.sqrt(scale[v]) : 0);
    Matrix standard = Columns.scaledColumns(residuals, scale);
    boolean tall = n > voxels;
    SymmetricEigen eigen =
        algebra.symmetricEigen(tall ? algebra.gram(standard.transpose()) : algebra.gram(standard));
    double[] values = eigen.values();
    double least = values.length == 0 ? 0 : ROUNDING * values[values.length - 1];
    int[] kept =
        IntStream.range(0, values.length).filter(i -> values[i] > least && values[i] > 0).toArray();
    double[] lengths = Arrays.stream(kept).mapToDouble(i -> values[i]).toArray();
    Matrix vectors = Columns.pick(eigen.vectors(), kept);
    if (!tall) {
      return new NoiseShape(algebra.transposedMultiply(vectors, standard), lengths);
    }
    Matrix factor = vectors.transpose();
    Columns.scaleRows(factor, i -> Math.sqrt(lengths[i]));
    return new NoiseShape(factor, lengths);
  }

  /** f for a λ. */
  double[] removed(double independence) {
    return Arrays.stream(lengths)
        .map(length -> (1 - independence) / (independence + (1 - independence) * length))
        .toArray();
  }

  /** The diagonal of the inverse for a λ. */
  double[] inverseDiagonal(double independence) {
    double[] removed = removed(independence);
    double[] out = new double[factor.columns()];
    for (int i = 0, at = 0; i < removed.length; i++) {
      for (int v = 0; v < out.length; v++, at++) {
        out[v] += removed[i] * factor.array()[at] * factor.array()[at];
      }
    }
    Arrays.setAll(out, v -> Math.max(0, 1 - out[v]) / independence);
    return out;
  }
}
