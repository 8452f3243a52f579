package io.noesis.experiment;

import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.Tensor;
import java.util.Locale;

/**
 * Decides by sizes alone which decoders read targets in pieces and leave their weights in files.
 */
final class StreamedRows {
  private static final String RIDGE = "ridge";

  /** What one array of Java holds. */
  private static final long ARRAY = Integer.MAX_VALUE - 8;

  private StreamedRows() {}

  /**
   * Whether the decoder of a fold is fitted that way.
   *
   * @param recipe of the run
   * @param subject its label
   * @param responses of the training trials
   * @param dim numbers in a target
   * @throws RecipeException when targets are too many for a decoder that cannot
   */
  static boolean wanted(DecodingRecipe recipe, String subject, Tensor responses, int dim) {
    long rows = responses.dim(0);
    long columns = responses.size() / Math.max(1, rows);
    boolean able =
        recipe.encoder().architecture().equals(RIDGE)
            && recipe.encoder().subjects() == EncoderSpec.Subjects.EACH
            && recipe.encoder().prior().isEmpty()
            && recipe.adaptation().isEmpty();
    if (able) {
      return RecordBinder.bind(recipe.encoder().settings(), RidgeSpec.class, "encoder.settings")
          .streams(rows, columns, dim);
    }
    boolean network =
        Architectures.registry().get(recipe.encoder().architecture()).trainedByGradients();
    if (rows * dim > ARRAY || (!network && columns * dim > ARRAY)) {
      throw new RecipeException(
          String.format(
              Locale.ROOT,
              "training subject %s: targets of %d numbers for %d trials of %d numbers are more than"
                  + " one array holds. Only encoder.architecture: ridge reads them in pieces, for"
                  + " each subject alone (encoder.subjects: each) and without prior or adaptation;"
                  + " choose that, or smaller targets.",
              subject,
              dim,
              rows,
              columns));
    }
    return false;
  }
}
