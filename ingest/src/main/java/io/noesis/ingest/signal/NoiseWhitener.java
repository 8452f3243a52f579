package io.noesis.ingest.signal;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.SymmetricEigen;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Multivariate noise normalisation of epochs: every sample of all channels times Σ^(-1/2), Σ being
 * the covariance of channels over the time of a trial. It is shrunk by Ledoit and Wolf's rule
 * (doi:10.1016/S0047-259X(03)00096-4; channels brought to variance 1 before, back after it) for
 * each trial alone, averaged over the trials of a condition and then over conditions
 * (doi:10.1016/j.neuroimage.2018.02.044, its form "epochs"), for each session apart. It remembers
 * the rows it was fitted on, so that an audit can tell when a test row was among them. Immutable.
 */
public final class NoiseWhitener {
  private final int channels;
  private final Map<String, double[]> ofSessions;
  private final double[] ofAll;
  private final int[] fittedRows;

  private NoiseWhitener(
      int channels, Map<String, double[]> ofSessions, double[] ofAll, int[] fittedRows) {
    this.channels = channels;
    this.ofSessions = ofSessions;
    this.ofAll = ofAll;
    this.fittedRows = fittedRows;
  }

  /**
   * Fits on trials.
   *
   * @param epochs {@code [trials, channels, samples]}, at least 2 samples
   * @param conditions the stimulus of each trial
   * @param sessions the session of each trial; all the same for one covariance of all
   * @param rowIds the id of each trial in the trial table; copied
   * @return the fitted matrices: one for each session, and that of their mean covariance
   * @throws DataException when there are no trials, a value is not finite or nothing varies
   */
  public static NoiseWhitener fit(
      Tensor epochs, List<String> conditions, List<String> sessions, int[] rowIds) {
    requireEpochs(epochs);
    int trials = epochs.dim(0);
    Check.size("conditions of trials", trials, conditions.size());
    Check.size("sessions of trials", trials, sessions.size());
    Check.size("ids of trials", trials, rowIds.length);
    if (trials == 0 || epochs.dim(2) < 2) {
      throw new DataException(
          "noise covariance of channels: found epochs "
              + epochs.shape()
              + ", expected at least 1 training trial and 2 samples. Choose a longer window, or a"
              + " split with more training trials.");
    }
    int channels = epochs.dim(1);
    Map<String, Map<String, List<Integer>>> groups = new LinkedHashMap<>();
    for (int i = 0; i < trials; i++) {
      groups
          .computeIfAbsent(sessions.get(i), s -> new LinkedHashMap<>())
          .computeIfAbsent(conditions.get(i), c -> new ArrayList<>())
          .add(i);
    }
    Map<String, double[]> roots = new LinkedHashMap<>();
    double[] mean = new double[channels * channels];
    groups.forEach(
        (session, byCondition) -> {
          double[] covariance = covariance(epochs, List.copyOf(byCondition.values()));
          roots.put(session, inverseRoot(covariance, channels));
          add(mean, covariance, 1.0 / groups.size());
        });
    return new NoiseWhitener(channels, roots, inverseRoot(mean, channels), rowIds.clone());
  }

  /**
   * One that was fitted before, of which only the matrix of all sessions was kept.
   *
   * @param channels how many
   * @param root Σ^(-1/2) {@code [channels, channels]}; copied
   * @param fittedRows ids of the trials it was fitted on; copied
   */
  public static NoiseWhitener of(int channels, double[] root, int[] fittedRows) {
    Check.size("values of a noise matrix", (long) channels * channels, root.length);
    return new NoiseWhitener(channels, Map.of(), root.clone(), fittedRows.clone());
  }

  private static void requireEpochs(Tensor epochs) {
    Check.argument(
        epochs.shape().rank() == 3,
        "noise normalisation needs epochs [trials, channels, samples], found %s",
        epochs.shape());
  }

  /** Mean over conditions of the means over their trials. */
  private static double[] covariance(Tensor epochs, List<List<Integer>> conditions) {
    int channels = epochs.dim(1);
    double[][] ofConditions = new double[conditions.size()][];
    Parallel.forBlocks(
        conditions.size(),
        1,
        (from, to) -> {
          for (int c = from; c < to; c++) {
            double[] sum = new double[channels * channels];
            for (int trial : conditions.get(c)) {
              add(sum, shrunk(epochs, trial), 1.0 / conditions.get(c).size());
            }
            ofConditions[c] = sum;
          }
        });
    double[] mean = new double[channels * channels];
    for (double[] one : ofConditions) {
      add(mean, one, 1.0 / ofConditions.length);
    }
    return mean;
  }

  private static void add(double[] sum, double[] values, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * values[i];
    }
  }

  /** Ledoit and Wolf's estimate of one trial. */
  private static double[] shrunk(Tensor epochs, int trial) {
    int channels = epochs.dim(1);
    int samples = epochs.dim(2);
    double[] deviations = new double[channels];
    double[] values = new double[channels * samples];
    for (int c = 0; c < channels; c++) {
      deviations[c] = standardized(epochs, trial, c, values);
    }
    double[] covariance = new double[channels * channels];
    double squares = 0;
    double trace = 0;
    for (int i = 0; i < channels; i++) {
      for (int j = i; j < channels; j++) {
        double sum = 0;
        for (int t = 0; t < samples; t++) {
          sum += values[i * samples + t] * values[j * samples + t];
        }
        covariance[i * channels + j] = sum / samples;
        covariance[j * channels + i] = sum / samples;
        squares += (i == j ? 1 : 2) * sum * sum / samples / samples;
      }
      trace += covariance[i * channels + i];
    }
    double fourth = 0;
    for (int t = 0; t < samples; t++) {
      double length = 0;
      for (int c = 0; c < channels; c++) {
        length += values[c * samples + t] * values[c * samples + t];
      }
      fourth += length * length;
    }
    double mean = trace / channels;
    double spread = squares - mean * trace;
    double noise = Math.min(spread, (fourth / samples - squares) / samples);
    double shrinkage = noise > 0 ? noise / spread : 0;
    for (int i = 0; i < channels; i++) {
      for (int j = 0; j < channels; j++) {
        double kept = (1 - shrinkage) * covariance[i * channels + j];
        covariance[i * channels + j] =
            (i == j ? kept + shrinkage * mean : kept) * deviations[i] * deviations[j];
      }
    }
    return covariance;
  }

  /** Writes one channel with mean 0 and variance 1; its deviation, 1 where it is constant. */
  private static double standardized(Tensor epochs, int trial, int channel, double[] out) {
    int samples = epochs.dim(2);
    int from = (trial * epochs.dim(1) + channel) * samples;
    float[] in = epochs.array();
    double mean = 0;
    for (int t = 0; t < samples; t++) {
      mean += in[from + t];
    }
    mean /= samples;
    double square = 0;
    for (int t = 0; t < samples; t++) {
      double off = in[from + t] - mean;
      out[channel * samples + t] = off;
      square += off * off;
    }
    if (!Double.isFinite(square)) {
      throw new DataException(
          "noise covariance of channels: channel "
              + channel
              + " of the training trial number "
              + trial
              + " has a value that is NaN or infinite. Leave such channels out, or correct the"
              + " file.");
    }
    double deviation = square == 0 ? 1 : Math.sqrt(square / samples);
    for (int t = 0; t < samples; t++) {
      out[channel * samples + t] /= deviation;
    }
    return deviation;
  }

  private static double[] inverseRoot(double[] covariance, int channels) {
    SymmetricEigen eigen =
        LinearAlgebra.symmetricEigen(Matrix.wrap(channels, channels, covariance.clone()));
    double[] values = eigen.values();
    if (!(values[0] > Math.ulp(1.0) * channels * values[channels - 1])) {
      throw new DataException(
          "noise covariance of channels: its eigenvalues go from "
              + values[0]
              + " to "
              + values[channels - 1]
              + ", so it has no inverse. Leave out channels that are constant or made of others.");
    }
    Matrix vectors = eigen.vectors();
    double[] root = new double[channels * channels];
    for (int i = 0; i < channels; i++) {
      for (int j = 0; j < channels; j++) {
        double sum = 0;
        for (int k = 0; k < channels; k++) {
          sum += vectors.at(i, k) * vectors.at(j, k) / Math.sqrt(values[k]);
        }
        root[i * channels + j] = sum;
      }
    }
    return root;
  }

  /**
   * Normalises trials of known sessions; those of a session that it was not fitted on take the
   * matrix of all.
   *
   * @param epochs {@code [trials, channels, samples]}; not modified
   * @param sessions the session of each trial
   * @return a new tensor of the same shape
   */
  public Tensor apply(Tensor epochs, List<String> sessions) {
    requireEpochs(epochs);
    Check.size("sessions of trials", epochs.dim(0), sessions.size());
    Check.argument(
        epochs.dim(1) == channels,
        "noise normalisation of %d channels: found epochs %s",
        channels,
        epochs.shape());
    int samples = epochs.dim(2);
    float[] in = epochs.array();
    float[] out = new float[in.length];
    Parallel.forBlocks(
        epochs.dim(0),
        1,
        (from, to) -> {
          double[] sums = new double[samples];
          for (int trial = from; trial < to; trial++) {
            double[] root = ofSessions.getOrDefault(sessions.get(trial), ofAll);
            int start = trial * channels * samples;
            for (int i = 0; i < channels; i++) {
              Arrays.fill(sums, 0);
              for (int j = 0; j < channels; j++) {
                double weight = root[i * channels + j];
                for (int t = 0; t < samples; t++) {
                  sums[t] += weight * in[start + j * samples + t];
                }
              }
              for (int t = 0; t < samples; t++) {
                out[start + i * samples + t] = (float) sums[t];
              }
            }
          }
        });
    return Tensor.wrap(out, epochs.shape().toArray());
  }

  /**
   * Normalises trials of which no session is known, all by the matrix of all.
   *
   * @param epochs {@code [trials, channels, samples]}; not modified
   * @return a new tensor of the same shape
   */
  public Tensor apply(Tensor epochs) {
    return new NoiseWhitener(channels, Map.of(), ofAll, fittedRows)
        .apply(epochs, Collections.nCopies(epochs.dim(0), ""));
  }

  /** How many channels. */
  public int channels() {
    return channels;
  }

  /** Σ^(-1/2) {@code [channels, channels]} of the mean covariance of all sessions, a copy. */
  public double[] root() {
    return ofAll.clone();
  }

  /** The ids of the trials it was fitted on, in a new array. */
  public int[] fittedRows() {
    return fittedRows.clone();
  }
}
