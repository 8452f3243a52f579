package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.run.ModelException;

/** Refuses embeddings of a space that a model was not made for. */
final class MadeSpaces {
  private MadeSpaces() {}

  /**
   * Compares spaces.
   *
   * @param making for the message: {@code making pictures with the pack 'embedded'}
   * @param wanted what the model takes
   * @param decoded what the run decodes into
   */
  static void require(String making, EmbeddingSpace wanted, EmbeddingSpace decoded) {
    if (wanted.equals(decoded)) {
      return;
    }
    String what =
        wanted.dim() != decoded.dim()
            ? "another dimension"
            : !wanted.model().equals(decoded.model())
                ? "another model"
                : !wanted.layer().equals(decoded.layer())
                    ? "another layer"
                    : "another scaling of vectors";
    throw new ModelException(
        making
            + ": it takes embeddings of '"
            + ReportBuilder.describe(wanted)
            + "', the run decodes into '"
            + ReportBuilder.describe(decoded)
            + "': "
            + what
            + ". Numbers of one space mean nothing in another: set 'targets' to the model's own"
            + " space (targets: {of: image, pack: PACK}) and train again, or take a model for the"
            + " run's.");
  }
}
