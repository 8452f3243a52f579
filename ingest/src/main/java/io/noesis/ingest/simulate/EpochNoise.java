package io.noesis.ingest.simulate;

import io.noesis.run.PinnedRandom;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.SymmetricEigen;
import java.util.List;

/**
 * Gaussian noise of an epoch: its covariance is that of sensors, which falls off with their
 * distance and has a part of each sensor's own, times that of time, whose spectrum is 1/f with a
 * rhythm at 10 Hz (alpha). Variance 1 at every sensor and sample. Immutable.
 */
final class EpochNoise {
  /** Share of a sensor's variance that it shares with its neighbours. */
  private static final double SHARED = 0.9;

  /** Distance on the unit sphere at which that has fallen to e^(-1/2). */
  private static final double REACH = 0.5;

  private static final double ALPHA_HZ = 10;
  private static final double ALPHA_WIDTH_HZ = 1;
  private static final double ALPHA_SHARE = 0.3;
  private static final double SLOWEST_HZ = 0.5;
  private static final int FREQUENCIES = 400;

  /** Part of the variance that is white, so that the covariance can be inverted. */
  private static final double WHITE = 0.02;

  private final Matrix sensors;
  private final Matrix time;
  private final Matrix sensorRoot;
  private final Matrix timeRoot;

  private EpochNoise(Matrix sensors, Matrix time) {
    this.sensors = sensors;
    this.time = time;
    this.sensorRoot = root(sensors);
    this.timeRoot = root(time);
  }

  static EpochNoise of(SensorPlan plan) {
    return new EpochNoise(sensors(plan.positions()), time(plan));
  }

  private static Matrix sensors(List<double[]> positions) {
    int n = positions.size();
    double[] out = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double square = 0;
        for (int a = 0; a < 3; a++) {
          double off = positions.get(i)[a] - positions.get(j)[a];
          square += off * off;
        }
        out[i * n + j] =
            SHARED * Math.exp(-square / (2 * REACH * REACH)) + (i == j ? 1 - SHARED : 0);
      }
    }
    return Matrix.wrap(n, n, out);
  }

  private static Matrix time(SensorPlan plan) {
    int n = plan.samples();
    double[] lag = new double[n];
    double pink = 0;
    double alpha = 0;
    double fastest = plan.samplingRateHz() / 2;
    for (int k = 0; k < FREQUENCIES; k++) {
      double hz = frequency(k, fastest);
      pink += 1 / hz;
      alpha += bump(hz);
    }
    for (int k = 0; k < FREQUENCIES; k++) {
      double hz = frequency(k, fastest);
      double power = (1 - ALPHA_SHARE) / hz / pink + ALPHA_SHARE * bump(hz) / alpha;
      for (int t = 0; t < n; t++) {
        lag[t] += power * Math.cos(2 * Math.PI * hz * t / plan.samplingRateHz());
      }
    }
    double[] out = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        out[i * n + j] = (1 - WHITE) * lag[Math.abs(i - j)] + (i == j ? WHITE : 0);
      }
    }
    return Matrix.wrap(n, n, out);
  }

  private static double frequency(int k, double fastest) {
    return SLOWEST_HZ + (fastest - SLOWEST_HZ) * k / (FREQUENCIES - 1);
  }

  private static double bump(double hz) {
    double off = (hz - ALPHA_HZ) / ALPHA_WIDTH_HZ;
    return Math.exp(-off * off / 2);
  }

  /** The symmetric square root. */
  private static Matrix root(Matrix covariance) {
    SymmetricEigen eigen = LinearAlgebra.symmetricEigen(covariance);
    int n = covariance.rows();
    Matrix vectors = eigen.vectors();
    double[] scaled = vectors.array().clone();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        scaled[i * n + j] *= Math.sqrt(Math.max(0, eigen.values()[j]));
      }
    }
    return LinearAlgebra.multiplyTransposed(Matrix.wrap(n, n, scaled), vectors);
  }

  /**
   * One epoch of noise.
   *
   * @param random the stream
   * @return {@code [channels, samples]}
   */
  Matrix draw(PinnedRandom random) {
    double[] white = new double[sensors.rows() * time.rows()];
    for (int i = 0; i < white.length; i++) {
      white[i] = random.nextGaussian();
    }
    Matrix drawn = Matrix.wrap(sensors.rows(), time.rows(), white);
    return LinearAlgebra.multiply(LinearAlgebra.multiply(sensorRoot, drawn), timeRoot);
  }

  /**
   * How much sources tell: GᵀΣ⁻¹G for G made of patterns and waveforms, Σ of this noise.
   *
   * @param patterns {@code [sources, channels]}
   * @param waveforms {@code [sources, samples]}
   * @return {@code [sources, sources]}
   */
  Matrix information(Matrix patterns, Matrix waveforms) {
    Matrix space = weighed(patterns, sensors);
    Matrix times = weighed(waveforms, time);
    double[] out = space.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] *= times.array()[i];
    }
    return Matrix.wrap(space.rows(), space.columns(), out);
  }

  private static Matrix weighed(Matrix rows, Matrix covariance) {
    return LinearAlgebra.multiply(rows, LinearAlgebra.solveSpd(covariance, rows.transpose()));
  }
}
