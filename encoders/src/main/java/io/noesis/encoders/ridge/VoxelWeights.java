package io.noesis.encoders.ridge;

import io.noesis.run.Parallel;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.SymmetricEigen;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What training rows say of every voxel's weights: {@code x = x̄ + (z − z̄)·w + noise}, z a target
 * in standard deviations along its K axes, w Gaussian with the variance {@code g·σ²} of the
 * noise's, times {@code scale} along each axis. How large g is, is averaged over a grid by each
 * voxel's evidence (MacKay 1992, doi:10.1162/neco.1992.4.3.415) and by how often voxels have that
 * size, which is found from all of them (empirical Bayes; Efron 2014, doi:10.1214/13-STS455). The
 * noise's variance is at its most probable value for each g.
 */
final class VoxelWeights {
  /** Signal over noise, in variance: none, and 49 from 10⁻³ to 10³. */
  private static final double[] RATIOS =
      IntStream.range(0, 50)
          .mapToDouble(i -> i == 0 ? 0 : StrictMath.pow(10, -3 + (i - 1) / 8.0))
          .toArray();

  private static final int ROUNDS = 20;

  /** So much of every size is always expected. */
  private static final double RARE = 1e-9;

  private static final double ROUNDING = 1e-12;
  private static final int BLOCK = 64;

  private final Rotated rotated;
  private final double[] ratios;

  /** Of each voxel and size: the noise's variance, and then the posterior. */
  private final double[] noise;

  private final double[] posterior;
  private final double evidence;

  /**
   * The rows turned to where sizes do not mix.
   *
   * @param values s² of the targets in units of the prior of weights, descending or not
   * @param right V of their decomposition, {@code [axes, r]}
   * @param left U, {@code [rows, r]}
   * @param projected Uᵀ·responses, {@code [r, voxels]}
   * @param rest Σ of squares of each voxel beside U
   * @param total Σ of squares of each voxel
   * @param scale of the variance of weights along each axis
   * @param rows how many
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Rotated(
      double[] values,
      Matrix right,
      Matrix left,
      Matrix projected,
      double[] rest,
      double[] total,
      double[] scale,
      int rows) {
    /**
     * Turns.
     *
     * @param x responses about their means {@code [rows, voxels]}
     * @param z targets about their means in standard deviations {@code [rows, axes]}
     * @param scale of the variance of weights along each axis
     */
    static Rotated of(Matrix x, Matrix z, double[] scale, Algebra algebra) {
      Matrix scaled = Columns.scaledColumns(z, Arrays.stream(scale).map(Math::sqrt).toArray());
      boolean wide = scaled.columns() > scaled.rows();
      SymmetricEigen eigen =
          algebra.symmetricEigen(wide ? algebra.gram(scaled) : algebra.gram(scaled.transpose()));
      double[] all = eigen.values();
      double least = all.length == 0 ? 0 : ROUNDING * all[all.length - 1];
      int[] kept =
          IntStream.range(0, all.length).filter(i -> all[i] > least && all[i] > 0).toArray();
      double[] values = Arrays.stream(kept).mapToDouble(i -> all[i]).toArray();
      double[] inverse = Arrays.stream(values).map(v -> 1 / Math.sqrt(v)).toArray();
      Matrix found = Columns.pick(eigen.vectors(), kept);
      Matrix other =
          wide ? algebra.transposedMultiply(scaled, found) : algebra.multiply(scaled, found);
      Columns.multiply(other, inverse);
      Matrix left = wide ? found : other;
      Matrix projected = algebra.transposedMultiply(left, x);
      double[] total = squares(x);
      double[] explained = squares(projected);
      double[] rest = new double[total.length];
      Arrays.setAll(rest, v -> Math.max(0, total[v] - explained[v]));
      return new Rotated(
          values, wide ? other : found, left, projected, rest, total, scale, x.rows());
    }

    private static double[] squares(Matrix m) {
      double[] out = new double[m.columns()];
      for (int i = 0; i < m.array().length; i++) {
        out[i % out.length] += m.array()[i] * m.array()[i];
      }
      return out;
    }

    int voxels() {
      return total.length;
    }

    int axes() {
      return scale.length;
    }
  }

  VoxelWeights(Rotated rotated) {
    this.rotated = rotated;
    this.ratios = Arrays.stream(RATIOS).map(ratio -> ratio / rotated.axes()).toArray();
    int sizes = ratios.length;
    int voxels = rotated.voxels();
    this.noise = new double[voxels * sizes];
    this.posterior = new double[voxels * sizes];
    double[] largest = new double[voxels];
    double[][] kept = new double[sizes][];
    double[] volume = new double[sizes];
    for (int q = 0; q < sizes; q++) {
      double g = ratios[q];
      kept[q] = Arrays.stream(rotated.values()).map(value -> 1 / (1 + g * value)).toArray();
      volume[q] = Arrays.stream(rotated.values()).map(v -> StrictMath.log1p(g * v)).sum();
    }
    Parallel.forBlocks(
        voxels,
        BLOCK,
        (from, to) -> {
          for (int v = from; v < to; v++) {
            largest[v] = likelihood(v, kept, volume);
          }
        });
    this.evidence = average(largest);
  }

  /**
   * Writes exp(evidence − largest) of a voxel's sizes; returns the largest.
   *
   * @param kept of each size, 1/(1 + g·s²) of each direction
   * @param volume of each size, Σ log(1 + g·s²)
   */
  private double likelihood(int voxel, double[][] kept, double[] volume) {
    int freedom = rotated.rows() - 1;
    double[] squares = new double[rotated.values().length];
    for (int i = 0; i < squares.length; i++) {
      double projected = rotated.projected().at(i, voxel);
      squares[i] = projected * projected;
    }
    double floor = ROUNDING * rotated.total()[voxel] / rotated.rows();
    double largest = Double.NEGATIVE_INFINITY;
    int at = voxel * ratios.length;
    for (int q = 0; q < ratios.length; q++) {
      double sum = rotated.rest()[voxel];
      for (int i = 0; i < squares.length; i++) {
        sum += squares[i] * kept[q][i];
      }
      double variance = Math.max(floor, sum / freedom);
      noise[at + q] = variance;
      posterior[at + q] = -0.5 * (volume[q] + freedom * StrictMath.log(variance));
      largest = Math.max(largest, posterior[at + q]);
    }
    for (int q = 0; q < ratios.length; q++) {
      posterior[at + q] = StrictMath.exp(posterior[at + q] - largest);
    }
    return largest;
  }

  /** How often voxels have each size, by expectation maximisation; returns the log evidence. */
  private double average(double[] largest) {
    int sizes = ratios.length;
    int voxels = largest.length;
    double[] share = new double[sizes];
    Arrays.fill(share, 1.0 / sizes);
    double log = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double[] next = new double[sizes];
      log = 0;
      boolean last = round == ROUNDS - 1;
      for (int v = 0, at = 0; v < voxels; v++, at += sizes) {
        double sum = 0;
        for (int q = 0; q < sizes; q++) {
          sum += posterior[at + q] * share[q];
        }
        log += largest[v] + StrictMath.log(sum);
        for (int q = 0; q < sizes; q++) {
          double own = posterior[at + q] * share[q] / sum;
          next[q] += own;
          if (last) {
            posterior[at + q] = own;
          }
        }
      }
      double all = Arrays.stream(next).map(n -> n / voxels + RARE).sum();
      for (int q = 0; q < sizes; q++) {
        share[q] = (next[q] / voxels + RARE) / all;
      }
    }
    return log;
  }

  /** Log evidence of all voxels, up to a constant of the rows. */
  double evidence() {
    return evidence;
  }

  /** Expected 1/σ² of each voxel. */
  double[] precisions() {
    int sizes = ratios.length;
    double[] out = new double[rotated.voxels()];
    for (int i = 0; i < posterior.length; i++) {
      out[i / sizes] += posterior[i] / noise[i];
    }
    return out;
  }

  /** Expected g of each voxel. */
  double[] sizes() {
    double[] out = new double[rotated.voxels()];
    for (int i = 0; i < posterior.length; i++) {
      out[i / ratios.length] += posterior[i] * ratios[i % ratios.length];
    }
    return out;
  }

  /** Σ over sizes of posterior · of(g, s²), for each turned direction and voxel. */
  private Matrix expected(java.util.function.DoubleBinaryOperator of) {
    int voxels = rotated.voxels();
    double[] values = rotated.values();
    Matrix out = Matrix.zeros(values.length, voxels);
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      double[] factors = Arrays.stream(ratios).map(g -> of.applyAsDouble(g, value)).toArray();
      int row = i * voxels;
      Parallel.forBlocks(
          voxels,
          BLOCK,
          (from, to) -> {
            for (int v = from; v < to; v++) {
              double sum = 0;
              for (int q = 0; q < factors.length; q++) {
                sum += posterior[v * factors.length + q] * factors[q];
              }
              out.array()[row + v] = sum;
            }
          });
    }
    return out;
  }

  /** Expected weights along the turned directions, {@code [r, voxels]}. */
  private Matrix turned() {
    Matrix out = expected((g, value) -> g * Math.sqrt(value) / (1 + g * value));
    for (int i = 0; i < out.array().length; i++) {
      out.array()[i] *= rotated.projected().array()[i];
    }
    return out;
  }

  /** Expected weights W {@code [axes, voxels]}. */
  Matrix mean(Algebra algebra) {
    Matrix weights = algebra.multiply(rotated.right(), turned());
    Columns.scaleRows(weights, axis -> Math.sqrt(rotated.scale()[axis]));
    return weights;
  }

  /** By how much of σ² the rows narrowed each turned direction, {@code [r, voxels]}. */
  Matrix narrowed() {
    return expected((g, value) -> g * g * value / (1 + g * value));
  }

  /** Responses without what the expected weights explain, {@code [rows, voxels]}. */
  Matrix residuals(Matrix x, Algebra algebra) {
    Matrix turned = turned();
    Columns.scaleRows(turned, i -> Math.sqrt(rotated.values()[i]));
    Matrix out = algebra.multiply(rotated.left(), turned);
    for (int i = 0; i < out.array().length; i++) {
      out.array()[i] = x.array()[i] - out.array()[i];
    }
    return out;
  }

  Rotated rotated() {
    return rotated;
  }
}
