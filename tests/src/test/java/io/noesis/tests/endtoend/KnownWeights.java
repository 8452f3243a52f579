package io.noesis.tests.endtoend;

import io.noesis.run.PinnedRandom;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import java.util.List;
import java.util.Map;

/**
 * What the noise of the test responses allows: the agreement that a decoder would reach which knows
 * the forward model and has nothing to learn.
 *
 * <p>The mean of the betas of a test picture p is {@code x = f W + e} about the mean response, with
 * f the picture's attributes about the training mean, W the true weights {@code [features, voxels]}
 * and {@code e ~ N(0, g D)}: D holds the squared noise of each voxel, and {@code g = a' C a} what
 * the design makes of it, C being the covariance of the betas of a run per unit of noise, after the
 * run's mean beta is taken away as the recipe does, and a the weights 1/n of the picture's n trials
 * (summed over runs). Before x is seen, attributes are taken as {@code f ~ N(0, S)}, S their
 * covariance over training pictures. The posterior mean is
 *
 * <pre>{@code
 * E[f | x] = S u,   (S M S + S) u = S z,   M = W D^-1 W' / g,   z = W D^-1 x / g
 * }</pre>
 *
 * <p>(the solution within the range of S, which is singular because one-hot columns sum to one).
 * The embedding is {@code y = E[f | x] B}, B the least-squares map from attributes to embeddings of
 * the training pictures, without noise. The allowance is Pearson's r of y with the picture's true
 * embedding about the training mean, averaged over draws of e and over the test pictures: exactly
 * {@code embedding_correlation_centred} of repetitions averaged.
 */
final class KnownWeights {
  private static final int DRAWS = 40;

  /** Makes singular systems regular; far below any eigenvalue that matters. */
  private static final double RIDGE = 1e-9;

  private final SimulatedTruth truth;
  private final Matrix weights;
  private final double[] noiseSds;
  private final Matrix spread;
  private final Matrix precision;
  private final Matrix toEmbedding;

  KnownWeights(SimulatedTruth truth) {
    this.truth = truth;
    this.weights = Matrix.of(truth.subject.model().weights());
    this.noiseSds = truth.noiseSds();
    Matrix f = truth.features.rows(truth.train);
    Matrix y = truth.embeddings.rows(truth.train);
    double each = 1.0 / truth.train.length;
    this.spread = scaled(LinearAlgebra.transposedGram(f), each);
    Matrix shared = scaled(LinearAlgebra.transposedMultiply(f, y), each);
    this.toEmbedding = LinearAlgebra.solveSpd(regular(spread), shared);
    Matrix whitened = whitened();
    this.precision = LinearAlgebra.gram(whitened);
  }

  /** The allowance for repetitions averaged. */
  double averaged(PinnedRandom random) {
    double sum = 0;
    for (Map.Entry<Integer, List<SimulatedTruth.Place>> shown : truth.test.entrySet()) {
      sum += expected(shown.getKey(), gain(shown.getValue()), random);
    }
    return sum / truth.test.size();
  }

  /** {@code a' C a}: trials of different runs share no noise. */
  private double gain(List<SimulatedTruth.Place> places) {
    double sum = 0;
    for (SimulatedTruth.Place a : places) {
      for (SimulatedTruth.Place b : places) {
        sum += a.run() == b.run() ? truth.noiseWithinRuns.get(a.run()).at(a.trial(), b.trial()) : 0;
      }
    }
    return sum / (places.size() * places.size());
  }

  private double expected(int picture, double gain, PinnedRandom random) {
    int features = weights.rows();
    int voxels = weights.columns();
    Matrix sms = LinearAlgebra.multiply(LinearAlgebra.multiply(spread, precision), spread);
    double[] system = new double[features * features];
    for (int i = 0; i < features; i++) {
      for (int j = 0; j < features; j++) {
        double both = (sms.at(i, j) + sms.at(j, i)) / 2;
        system[i * features + j] = both / gain + spread.at(i, j);
      }
    }
    Matrix decoder =
        LinearAlgebra.solveSpd(
            regular(Matrix.wrap(features, features, system)),
            LinearAlgebra.multiply(spread, toEmbedding));
    double sum = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] z = new double[features];
      for (int v = 0; v < voxels; v++) {
        double x = noiseSds[v] * Math.sqrt(gain) * random.nextGaussian();
        for (int f = 0; f < features; f++) {
          x += truth.features.at(picture, f) * weights.at(f, v);
        }
        double scaled = x / (noiseSds[v] * noiseSds[v] * gain);
        for (int f = 0; f < features; f++) {
          z[f] += weights.at(f, v) * scaled;
        }
      }
      Matrix sz = LinearAlgebra.multiply(Matrix.wrap(1, features, z), spread);
      sum += truth.agreement(LinearAlgebra.multiply(sz, decoder).array(), picture);
    }
    return sum / DRAWS;
  }

  private Matrix whitened() {
    double[] out = weights.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] /= noiseSds[i % noiseSds.length];
    }
    return Matrix.wrap(weights.rows(), weights.columns(), out);
  }

  private static Matrix scaled(Matrix m, double factor) {
    double[] out = m.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] *= factor;
    }
    return Matrix.wrap(m.rows(), m.columns(), out);
  }

  private static Matrix regular(Matrix m) {
    double[] out = m.array().clone();
    for (int i = 0; i < m.rows(); i++) {
      out[i * m.columns() + i] += RIDGE;
    }
    return Matrix.wrap(m.rows(), m.columns(), out);
  }
}
