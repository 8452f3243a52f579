package io.noesis.ingest.glm;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.tensor.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The design of one run: a column per trial (its box convolved with the haemodynamic response and
 * sampled at the volumes), then confounds, drift and a constant; {@code [volumes, trials +
 * nuisance]}. The columns are those of nilearn's {@code make_first_level_design_matrix} with one
 * condition per trial. Immutable.
 */
public final class DesignMatrix {
  private final int trials;
  private final List<String> names;
  private final double[][] columns;
  private final RunTiming timing;

  private DesignMatrix(RunTiming timing, int trials, List<String> names, double[][] columns) {
    this.timing = timing;
    this.trials = trials;
    this.names = List.copyOf(names);
    this.columns = columns;
  }

  /**
   * Builds the design without confounds.
   *
   * @param timing when the volumes were sampled
   * @param trials when the trials were on; their order is the order of columns and betas
   * @param spec response and drift
   * @return the design
   * @throws DataException when a trial lies outside the run or ids repeat
   */
  public static DesignMatrix of(RunTiming timing, List<TrialTiming> trials, DesignSpec spec) {
    return of(timing, trials, spec, Confounds.none(timing.volumes()));
  }

  /**
   * Builds the design.
   *
   * @param timing when the volumes were sampled
   * @param trials when the trials were on; their order is the order of columns and betas
   * @param spec response and drift
   * @param confounds extra columns, as many rows as volumes
   * @return the design
   * @throws DataException when a trial lies outside the run, ids repeat, or rows do not match
   */
  public static DesignMatrix of(
      RunTiming timing, List<TrialTiming> trials, DesignSpec spec, Confounds confounds) {
    checkInside(timing, trials);
    if (confounds.values().rows() != timing.volumes()) {
      throw new DataException(
          "building a design: the confounds have "
              + confounds.values().rows()
              + " rows, the run has "
              + timing.volumes()
              + " volumes. Check that both are of the same run.");
    }
    double[] frames = timing.frameTimes();
    List<double[]> columns = new ArrayList<>(TrialColumns.of(frames, trials, spec));
    List<String> names = new ArrayList<>();
    trials.forEach(trial -> names.add(trial.id()));
    double[][] byConfound = columnsOf(confounds.values());
    for (int c = 0; c < byConfound.length; c++) {
      columns.add(byConfound[c]);
      names.add(confounds.names().get(c));
    }
    for (double[] drift : spec.drift().columns(frames)) {
      columns.add(drift);
      names.add("drift_" + (columns.size() - trials.size() - byConfound.length));
    }
    double[] constant = new double[frames.length];
    Arrays.fill(constant, 1);
    columns.add(constant);
    names.add("constant");
    return new DesignMatrix(timing, trials.size(), names, columns.toArray(new double[0][]));
  }

  private static void checkInside(RunTiming timing, List<TrialTiming> trials) {
    if (trials.isEmpty()) {
      throw new DataException(
          "building a design: the run has no trials. Check its events file and the column that selects trials.");
    }
    Set<String> ids = new HashSet<>();
    for (TrialTiming trial : trials) {
      if (!ids.add(trial.id())) {
        throw new DataException(
            "building a design: two trials are called '"
                + trial.id()
                + "', expected every id once. Name trials by run and row.");
      }
      if (trial.onsetSeconds() >= timing.endSeconds()
          || trial.onsetSeconds() < timing.startSeconds() - Grid.LEAD_SECONDS) {
        throw new DataException(
            "building a design: trial '"
                + trial.id()
                + "' begins at "
                + trial.onsetSeconds()
                + " s, outside the run of "
                + timing.volumes()
                + " volumes from "
                + timing.startSeconds()
                + " to "
                + timing.endSeconds()
                + " s. Check that events and image are of the same run and that onsets are in seconds.");
      }
    }
  }

  static double[][] columnsOf(Matrix values) {
    double[][] out = new double[values.columns()][values.rows()];
    for (int v = 0; v < values.rows(); v++) {
      for (int c = 0; c < values.columns(); c++) {
        out[c][v] = values.at(v, c);
      }
    }
    return out;
  }

  /** How many trials, which are the first columns. */
  public int trials() {
    return trials;
  }

  /** When the volumes were sampled. */
  public RunTiming timing() {
    return timing;
  }

  /** The names of the columns: trial ids, confounds, {@code drift_1 ..}, {@code constant}. */
  public List<String> names() {
    return names;
  }

  /** The design {@code [volumes, columns]}, copied. */
  public Matrix matrix() {
    double[] out = new double[timing.volumes() * columns.length];
    for (int v = 0; v < timing.volumes(); v++) {
      for (int c = 0; c < columns.length; c++) {
        out[v * columns.length + c] = columns[c][v];
      }
    }
    return Matrix.wrap(timing.volumes(), columns.length, out);
  }

  /**
   * The ratio of the largest to the smallest singular value of the columns at unit length; above
   * some 30 neighbouring trials can hardly be told apart.
   *
   * @throws DataException when columns depend on each other; the message names them
   */
  public double conditionNumber() {
    return Estimator.decompose(columns, names).conditionNumber();
  }

  /**
   * The variance that noise gives to the beta of each trial: the diagonal of {@code P V P'} with P
   * the estimator and {@code V = noiseSd^2 rho^|i-j|}, stationary first-order autoregressive noise.
   * With rho 0 and ordinary least squares this is {@code noiseSd^2 (X'X)^-1}.
   *
   * @param spec the estimator; an autoregressive one is taken to know rho. The unit is ignored:
   *     variances are in squared units of {@code noiseSd}
   * @param noiseSd standard deviation of the noise in one volume
   * @param rho correlation of noise in neighbouring volumes, above -1 and below 1
   * @return one variance per trial
   */
  public double[] betaNoiseVariance(BetaSpec spec, double noiseSd, double rho) {
    double[][] weights = weightsOnVolumes(spec, rho);
    double[] out = new double[trials];
    for (int k = 0; k < trials; k++) {
      out[k] = noiseSd * noiseSd * Orthogonal.dot(weights[k], correlated(weights[k], rho));
    }
    return out;
  }

  /**
   * The covariance that noise gives to the betas of the run: {@code P V P'} as in {@link
   * #betaNoiseVariance}. Betas of close trials share noise; averages over trials need this matrix.
   *
   * @param spec the estimator; an autoregressive one is taken to know rho
   * @param noiseSd standard deviation of the noise in one volume
   * @param rho correlation of noise in neighbouring volumes, above -1 and below 1
   * @return {@code [trials, trials]}
   */
  public Matrix betaNoiseCovariance(BetaSpec spec, double noiseSd, double rho) {
    double[][] weights = weightsOnVolumes(spec, rho);
    Matrix out = Matrix.zeros(trials, trials);
    for (int k = 0; k < trials; k++) {
      double[] spread = correlated(weights[k], rho);
      for (int j = 0; j < trials; j++) {
        out.array()[k * trials + j] = noiseSd * noiseSd * Orthogonal.dot(weights[j], spread);
      }
    }
    return out;
  }

  private double[][] weightsOnVolumes(BetaSpec spec, double rho) {
    Check.argument(
        rho > -1 && rho < 1, "the noise correlation must lie between -1 and 1, found %s", rho);
    double assumed = spec.noise() == NoiseModel.AUTOREGRESSIVE ? rho : 0;
    return Estimator.of(this, spec.model(), assumed).weightsOnVolumes();
  }

  /** {@code R w} with {@code R = rho^|i-j|}, by one pass forwards and one backwards. */
  private static double[] correlated(double[] w, double rho) {
    double[] out = w.clone();
    double before = 0;
    double after = 0;
    for (int i = 0, j = w.length - 1; i < w.length; i++, j--) {
      out[i] += before;
      before = rho * (before + w[i]);
      out[j] += after;
      after = rho * (after + w[j]);
    }
    return out;
  }

  double[][] columns() {
    return columns;
  }
}
