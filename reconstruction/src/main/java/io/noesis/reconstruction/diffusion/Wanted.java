package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;

/** What a family wants of a request, refused in the same words by all. */
final class Wanted {
  private Wanted() {}

  /** The request's embeddings, of that rank and of the space's dimension. */
  static Tensor embeddings(Ask ask, EmbeddingSpace space, int rank) {
    Tensor found =
        ask.embeddings()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "generating pictures from text alone: this model takes embeddings of "
                            + space.model()
                            + ". Ask by embedding."));
    int[] sizes = found.shape().toArray();
    if (sizes.length != rank || sizes[rank - 1] != space.dim()) {
      throw new RecipeException(
          "generating pictures from embeddings "
              + found.shape()
              + ": expected "
              + rank
              + " axes and "
              + space.dim()
              + " numbers in the last, the space "
              + space.model()
              + " "
              + space.layer()
              + ". Decode into that space, or take a generator for yours.");
    }
    return found;
  }
}
