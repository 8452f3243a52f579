package io.noesis.ingest.glm;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of the variance of betas is signal, from stimuli shown more than once: the noise-ceiling
 * signal-to-noise ratio of the Natural Scenes Dataset (Allen et al. 2022,
 * doi:10.1038/s41593-021-00962-x). Betas are z-scored per voxel within session (ddof 1); noise
 * variance = mean over repeated stimuli of the variance across their repetitions (ddof 1); signal
 * variance = max(0, 1 - noise variance); ncsnr = signal sd / noise sd; {@code NC% = 100 ncsnr^2 /
 * (ncsnr^2 + 1/n)} for n averaged repetitions.
 *
 * @param ncsnr {@code [voxels]}; 0 for a constant voxel, infinite for one without noise
 * @param repeatedStimuli how many stimuli had at least two repetitions
 */
public record NoiseCeiling(Tensor ncsnr, int repeatedStimuli) {

  /**
   * Measures the ceiling of trials from one session.
   *
   * @param betas {@code [trials, voxels]}
   * @param stimulusIds one per trial
   * @return the ceiling
   * @throws DataException when no stimulus was repeated
   */
  public static NoiseCeiling measure(Tensor betas, List<String> stimulusIds) {
    return measure(betas, stimulusIds, stimulusIds.stream().map(id -> "").toList());
  }

  /**
   * Measures the ceiling.
   *
   * @param betas {@code [trials, voxels]}
   * @param stimulusIds one per trial
   * @param sessions one per trial: betas are z-scored within each
   * @return the ceiling
   * @throws DataException when no stimulus was repeated or a session has one trial only
   */
  public static NoiseCeiling measure(
      Tensor betas, List<String> stimulusIds, List<String> sessions) {
    Check.argument(
        betas.shape().rank() == 2, "betas must be [trials, voxels], found %s", betas.shape());
    Check.size("stimulus ids of the trials", betas.dim(0), stimulusIds.size());
    Check.size("sessions of the trials", betas.dim(0), sessions.size());
    List<int[]> repeated = repeated(stimulusIds);
    List<int[]> bySession = List.copyOf(groups(sessions).values());
    for (int[] session : bySession) {
      if (session.length < 2) {
        throw new DataException(
            "measuring the noise ceiling: session '"
                + sessions.get(session[0])
                + "' has a single trial, z-scoring needs 2. Join it with another session.");
      }
    }
    int voxels = betas.dim(1);
    float[] out = new float[voxels];
    double[] column = new double[betas.dim(0)];
    for (int v = 0; v < voxels; v++) {
      for (int t = 0; t < column.length; t++) {
        column[t] = betas.array()[t * voxels + v];
      }
      out[v] = (float) ratio(column, bySession, repeated);
    }
    return new NoiseCeiling(Tensor.wrap(out, voxels), repeated.size());
  }

  private static double ratio(double[] column, List<int[]> sessions, List<int[]> repeated) {
    for (int[] session : sessions) {
      double mean = mean(column, session);
      double sd = Math.sqrt(variance(column, session));
      for (int t : session) {
        column[t] = sd > 0 ? (column[t] - mean) / sd : 0;
      }
    }
    double noise = 0;
    double total = 0;
    for (int[] stimulus : repeated) {
      noise += variance(column, stimulus) / repeated.size();
    }
    for (double z : column) {
      total += z * z;
    }
    return total == 0 ? 0 : Math.sqrt(Math.max(0, 1 - noise) / noise);
  }

  /** The trials of every stimulus shown at least twice. */
  static List<int[]> repeated(List<String> stimulusIds) {
    List<int[]> out = new ArrayList<>();
    for (int[] trials : groups(stimulusIds).values()) {
      if (trials.length > 1) {
        out.add(trials);
      }
    }
    if (out.isEmpty()) {
      throw new DataException(
          "measuring what repeats: none of "
              + stimulusIds.size()
              + " trials shows a stimulus that another shows too. A noise ceiling needs at least two "
              + "repetitions of some stimuli; report scores without a ceiling for this study.");
    }
    return out;
  }

  private static Map<String, int[]> groups(List<String> labels) {
    Map<String, List<Integer>> lists = new LinkedHashMap<>();
    for (int t = 0; t < labels.size(); t++) {
      lists.computeIfAbsent(labels.get(t), k -> new ArrayList<>()).add(t);
    }
    Map<String, int[]> out = new LinkedHashMap<>();
    lists.forEach((k, list) -> out.put(k, list.stream().mapToInt(i -> i).toArray()));
    return out;
  }

  private static double mean(double[] values, int[] which) {
    double sum = 0;
    for (int t : which) {
      sum += values[t];
    }
    return sum / which.length;
  }

  private static double variance(double[] values, int[] which) {
    double mean = mean(values, which);
    double sum = 0;
    for (int t : which) {
      sum += (values[t] - mean) * (values[t] - mean);
    }
    return sum / (which.length - 1);
  }

  /**
   * The percentage of variance that a perfect model could explain of responses averaged over that
   * many repetitions; 1 is the single-trial ceiling.
   *
   * @param repetitions averaged per stimulus
   * @return {@code [voxels]}, 0 to 100
   */
  public Tensor percent(int repetitions) {
    Check.argument(repetitions > 0, "repetitions must be at least 1, found %d", repetitions);
    return percentAt(1.0 / repetitions);
  }

  /**
   * The same when stimuli were averaged over unequal numbers of repetitions: 1/n is replaced by its
   * mean over stimuli.
   *
   * @param repetitionsPerStimulus one number per averaged stimulus
   * @return {@code [voxels]}, 0 to 100
   */
  public Tensor percent(int[] repetitionsPerStimulus) {
    Check.argument(repetitionsPerStimulus.length > 0, "no stimuli to average the ceiling over");
    double mean = 0;
    for (int n : repetitionsPerStimulus) {
      Check.argument(n > 0, "repetitions must be at least 1, found %d", n);
      mean += 1.0 / n / repetitionsPerStimulus.length;
    }
    return percentAt(mean);
  }

  private Tensor percentAt(double noiseShare) {
    return ncsnr.map(r -> Double.isInfinite(r) ? 100 : 100 * r * r / (r * r + noiseShare));
  }
}
