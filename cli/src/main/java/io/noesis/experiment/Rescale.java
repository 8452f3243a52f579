package io.noesis.experiment;

import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Split;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is done to the decoded embeddings of a fold's test rows. {@link #TEST_TRIALS} is the step of
 * Brain-Diffuser (doi:10.1038/s41598-023-42891-8), BrainCaptioning and MIRAGE: each dimension is
 * standardised by its own mean and deviation over the test rows, and brought to those of the
 * training targets, {@code (x - mean(x)) / sd(x) * sd(y) + mean(y)}. Both deviations divide by the
 * number of rows. A score then depends on which rows are decoded together, and one trial alone
 * cannot be decoded.
 */
public enum Rescale {
  /** Each row is what the decoder made of it. */
  NONE,
  /** Standardised over the fold's test rows and brought to the training targets. */
  TEST_TRIALS;

  /** Deviations of less than this part of the largest value are rounding: nothing was decoded. */
  private static final double ROUNDING = 1e-6;

  /**
   * Brings decoded rows to the training targets.
   *
   * @param decoded {@code [rows, dim]}
   * @param fold the targets that it was trained on
   * @return {@code [rows, dim]}; the same tensor for {@link #NONE}
   */
  Tensor of(Tensor decoded, FoldRows fold) {
    return this == NONE ? decoded : brought(decoded, fold.targetStatistics());
  }

  /**
   * The formula. Where a dimension of what was decoded does not vary, there is nothing to stretch:
   * it becomes the mean.
   *
   * @param decoded {@code [rows, dim]}
   * @param targets of the training trials
   */
  static Tensor brought(Tensor decoded, ColumnStatistics targets) {
    ColumnStatistics own = ColumnStatistics.of(decoded);
    int width = own.columns();
    float[] values = decoded.array();
    float[] largest = new float[width];
    for (int i = 0; i < values.length; i++) {
      largest[i % width] = Math.max(largest[i % width], Math.abs(values[i]));
    }
    float[] out = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int c = i % width;
      boolean varies = own.deviation(c) > ROUNDING * largest[c];
      double score = varies ? (values[i] - own.mean(c)) / own.deviation(c) : 0;
      out[i] = (float) (score * targets.deviation(c) + targets.mean(c));
    }
    return Tensor.wrap(out, decoded.shape().toArray());
  }

  /** One row has no deviation. */
  void requireSome(String subject, Split fold, int rows) {
    if (this == TEST_TRIALS && rows < 2) {
      throw new RecipeException(
          "training subject "
              + subject
              + ": the fold '"
              + fold.name()
              + "' tests "
              + rows
              + " trial, and encoder.rescale standardises over at least 2. Test more in a fold"
              + " (split), or set encoder.rescale to none.");
    }
  }

  /** What was fitted on test rows, for the audits. */
  Optional<FitRecord> fit(Split fold) {
    List<Integer> tested = Arrays.stream(fold.rows(Split.Part.TEST)).boxed().toList();
    return this == NONE
        ? Optional.empty()
        : Optional.of(
            new FitRecord(
                "rescaling of decoded embeddings", "test trials", tested, tested, fold.name()));
  }

  /** For the text of a methods section; empty where nothing is done. */
  String inWords() {
    return this == NONE
        ? ""
        : "Decoded embeddings of a fold's test trials were standardised dimension by dimension by"
            + " their own mean and deviation over these trials, and brought to mean and deviation"
            + " of its training targets (encoder.rescale: test-trials), so that what a trial is"
            + " decoded to depends on the others that were tested; the scores of each trial alone"
            + " are told beside. ";
  }
}
