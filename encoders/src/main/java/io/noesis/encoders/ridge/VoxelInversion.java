package io.noesis.encoders.ridge;

import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Voxels' weights turned round: from responses to the most probable target. With weights W and
 * their uncertainty, a whitened target z has the log probability −½(zᵀAz) + zᵀW·Σ⁻¹(x − x̄ + Wᵀz̄)
 * with A = I + E[W·Σ⁻¹·Wᵀ]; Σ is the noise of {@link NoiseShape}. Constant voxels take no part.
 */
final class VoxelInversion {
  private static final double CONSTANT = 1e-12;

  private final Algebra algebra;
  private final int columns;
  private final int[] varying;
  private final double[] responseMeans;
  private final double[] targetMeans;
  private final TargetPrior prior;
  private final VoxelWeights weights;
  private final double exponent;
  private final NoiseShape noise;

  /** √(1/σ²) of each voxel, W in units of the noise, W·Bᵀ and W·Wᵀ in these. */
  private final double[] scale;

  private final Matrix scaled;
  private final Matrix common;
  private final Matrix gram;
  private final Matrix narrowed;
  private final double[] sizes;

  /**
   * Fits.
   *
   * @param x responses {@code [rows, voxels]}, at least two rows
   * @param y targets {@code [rows, dims]}
   * @param prior of targets, with an axis at least
   * @param exponents of the variances along the axes that the weights' variances may go with; that
   *     of most evidence is chosen
   */
  VoxelInversion(Tensor x, Tensor y, TargetPrior prior, List<Double> exponents, Algebra algebra) {
    this.algebra = algebra;
    this.prior = prior;
    this.columns = x.dim(1);
    double[] means = Columns.means(x);
    this.varying = varying(x, means);
    this.responseMeans = Arrays.stream(varying).mapToDouble(v -> means[v]).toArray();
    Matrix centred = centred(x);
    Matrix z = prior.whitened(y);
    this.targetMeans = Columns.subtractMeans(z);
    VoxelWeights best = weights(centred, z, exponents.get(0));
    double chosen = exponents.get(0);
    for (double next : exponents.subList(1, exponents.size())) {
      VoxelWeights tried = weights(centred, z, next);
      if (tried.evidence() > best.evidence()) {
        best = tried;
        chosen = next;
      }
    }
    this.weights = best;
    this.exponent = chosen;
    this.noise = NoiseShape.of(weights.residuals(centred, algebra), algebra);
    this.scale = Arrays.stream(weights.precisions()).map(Math::sqrt).toArray();
    this.scaled = Columns.scaledColumns(weights.mean(algebra), scale);
    this.common = algebra.multiplyTransposed(scaled, noise.factor());
    this.gram = algebra.gram(scaled);
    this.narrowed = weights.narrowed();
    this.sizes = weights.sizes();
  }

  private VoxelWeights weights(Matrix centred, Matrix z, double power) {
    double[] raised = Arrays.stream(prior.variances()).map(v -> StrictMath.pow(v, power)).toArray();
    double mean = Arrays.stream(raised).average().orElse(1);
    Arrays.setAll(raised, i -> raised[i] / mean);
    return new VoxelWeights(VoxelWeights.Rotated.of(centred, z, raised, algebra));
  }

  /** The exponent that was chosen. */
  double exponent() {
    return exponent;
  }

  private static int[] varying(Tensor x, double[] means) {
    double[] spread = new double[means.length];
    for (int i = 0; i < x.size(); i++) {
      double d = x.array()[i] - means[i % means.length];
      spread[i % means.length] += d * d;
    }
    return IntStream.range(0, means.length)
        .filter(v -> spread[v] > CONSTANT * (x.dim(0) * means[v] * means[v] + spread[v]))
        .toArray();
  }

  private Matrix centred(Tensor x) {
    Matrix out = Matrix.zeros(x.dim(0), varying.length);
    for (int r = 0, i = 0; r < out.rows(); r++) {
      for (int v = 0; v < varying.length; v++, i++) {
        out.array()[i] = (double) x.array()[r * columns + varying[v]] - responseMeans[v];
      }
    }
    return out;
  }

  /** A⁻¹ and back to targets: {@code [axes, dims]}. */
  private Matrix solved(double independence) {
    int axes = prior.size();
    double[] removed = noise.removed(independence);
    Matrix correlated = algebra.multiplyTransposed(Columns.scaledColumns(common, removed), common);
    double[] diagonal = noise.inverseDiagonal(independence);
    double all = 0;
    for (int v = 0; v < diagonal.length; v++) {
      all += sizes[v] * diagonal[v];
    }
    Matrix turned = weights.rotated().right().transpose();
    Matrix less = turned.rows(IntStream.range(0, turned.rows()).toArray());
    Columns.scaleRows(
        less,
        i -> {
          double sum = 0;
          for (int v = 0; v < diagonal.length; v++) {
            sum += narrowed.at(i, v) * diagonal[v];
          }
          return sum;
        });
    Matrix surely = algebra.transposedMultiply(turned, less);
    double[] prior = weights.rotated().scale();
    Matrix precision = Matrix.zeros(axes, axes);
    for (int i = 0, at = 0; i < axes; i++) {
      for (int j = 0; j < axes; j++, at++) {
        precision.array()[at] =
            (i == j ? 1 + prior[i] * all : 0)
                + (gram.array()[at] - correlated.array()[at]) / independence
                - Math.sqrt(prior[i] * prior[j]) * surely.array()[at];
      }
    }
    return algebra.solveSpd(precision, this.prior.back());
  }

  /** W·Σ⁻¹ times columns, from the columns' products with W and B, in units of the noise. */
  private Matrix pulled(Matrix byWeights, Matrix byNoise, double independence) {
    Matrix out =
        algebra.multiply(Columns.scaledColumns(common, noise.removed(independence)), byNoise);
    for (int i = 0; i < out.array().length; i++) {
      out.array()[i] = (byWeights.array()[i] - out.array()[i]) / independence;
    }
    return out;
  }

  /** What is decoded at the mean of the responses. */
  private double[] atMeans(Matrix solved, double independence) {
    Matrix means = Matrix.wrap(prior.size(), 1, targetMeans);
    Matrix pulled =
        pulled(
            algebra.multiply(gram, means), algebra.transposedMultiply(common, means), independence);
    double[] out = algebra.transposedMultiply(pulled, solved).array();
    for (int d = 0; d < out.length; d++) {
      out[d] += prior.mean()[d];
    }
    return out;
  }

  /** A linear map: {@code ŷ = x·W + b}. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Map(Tensor weights, double[] intercept) {}

  /**
   * The decoder.
   *
   * @param independence λ
   */
  Map decoder(double independence) {
    Matrix solved = solved(independence);
    Matrix pulled = pulled(scaled, noise.factor(), independence);
    Columns.multiply(pulled, scale);
    Matrix found = algebra.transposedMultiply(pulled, solved);
    int dims = prior.dims();
    Tensor out = Tensor.zeros(columns, dims);
    double[] intercept = atMeans(solved, independence);
    for (int v = 0; v < varying.length; v++) {
      for (int d = 0; d < dims; d++) {
        float weight = (float) found.at(v, d);
        out.array()[varying[v] * dims + d] = weight;
        intercept[d] -= responseMeans[v] * weight;
      }
    }
    return new Map(out, intercept);
  }

  /** Σ of squared errors on other rows for each λ. */
  double[] errors(Tensor x, Tensor y, Iterable<Double> shares, int count) {
    Matrix rows = Columns.scaledColumns(centred(x), scale).transpose();
    Matrix byWeights = algebra.multiply(scaled, rows);
    Matrix byNoise = algebra.multiply(noise.factor(), rows);
    double[] errors = new double[count];
    int s = 0;
    for (double share : shares) {
      Matrix solved = solved(share);
      Matrix found = algebra.transposedMultiply(pulled(byWeights, byNoise, share), solved);
      double[] offset = atMeans(solved, share);
      double sum = 0;
      for (int i = 0; i < y.size(); i++) {
        double error = y.array()[i] - found.array()[i] - offset[i % offset.length];
        sum += error * error;
      }
      errors[s++] = sum;
    }
    return errors;
  }
}
