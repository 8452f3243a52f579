package io.noesis.alignment.score;

import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How well decoded embeddings can agree with the truth at best, given how well repetitions of one
 * stimulus agree with each other. With r the mean correlation of two decoded repetitions (about the
 * training mean), the reliability of the mean of n is {@code R = n r / (1 + (n - 1) r)}
 * (Spearman-Brown), and no truth can correlate with it by more than {@code sqrt(R)}. It speaks of
 * the noise of the recording only: what an encoder loses systematically is not in it.
 *
 * @param repetitionCorrelation r, mean over pairs of repetitions, then over units
 * @param units how many units were decoded more than once
 */
public record RepetitionCeiling(double repetitionCorrelation, int units) {
  /**
   * Measures the agreement of repetitions.
   *
   * @param trials one row per trial; repetitions of a stimulus share their unit and fold
   * @return nothing when no unit has two rows, or repetitions do not agree at all (r is not
   *     positive)
   */
  public static Optional<RepetitionCeiling> measure(Decoding trials) {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int r = 0; r < trials.rows().size(); r++) {
      Decoding.Row row = trials.rows().get(r);
      members.computeIfAbsent(row.unit() + "\n" + row.fold(), u -> new ArrayList<>()).add(r);
    }
    double sum = 0;
    int units = 0;
    for (List<Integer> rows : members.values()) {
      if (rows.size() > 1) {
        sum += meanCorrelation(trials, rows);
        units++;
      }
    }
    double r = units == 0 ? 0 : sum / units;
    return r > 0 ? Optional.of(new RepetitionCeiling(Math.min(1, r), units)) : Optional.empty();
  }

  /**
   * The largest correlation that the mean of some repetitions can have with the truth.
   *
   * @param repetitions how many are averaged, at least 1
   * @return a number in (0, 1]
   */
  public double correlation(double repetitions) {
    double r = repetitionCorrelation;
    return Math.sqrt(repetitions * r / (1 + (repetitions - 1) * r));
  }

  private static double meanCorrelation(Decoding trials, List<Integer> rows) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < rows.size(); i++) {
      for (int j = i + 1; j < rows.size(); j++) {
        sum += correlation(centred(trials, rows.get(i)), centred(trials, rows.get(j)));
        pairs++;
      }
    }
    return sum / pairs;
  }

  private static double[] centred(Decoding trials, int row) {
    Tensor decoded = trials.decoded().values();
    int fold = trials.trainingMeans().ids().indexOf(trials.rows().get(row).fold());
    float[] value = decoded.row(row);
    float[] mean = trials.trainingMeans().values().row(fold);
    double[] out = new double[value.length];
    double average = 0;
    for (int k = 0; k < out.length; k++) {
      out[k] = (double) value[k] - mean[k];
      average += out[k] / out.length;
    }
    for (int k = 0; k < out.length; k++) {
      out[k] -= average;
    }
    return out;
  }

  private static double correlation(double[] a, double[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int k = 0; k < a.length; k++) {
      ab += a[k] * b[k];
      aa += a[k] * a[k];
      bb += b[k] * b[k];
    }
    return aa == 0 || bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
  }
}
