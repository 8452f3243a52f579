package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/** What priors want of a request, refused in the same words by all. */
final class PriorAsk {
  private PriorAsk() {}

  /** A plan from noise with no other settings than those, and nothing beside the embeddings. */
  static void check(
      ModelPack pack, SamplingPlan plan, Map<String, Tensor> also, Set<String> settings) {
    if (plan.strength() < 1 || !settings.containsAll(plan.settings().keySet()) || !also.isEmpty()) {
      throw new RecipeException(
          "drawing embeddings with "
              + pack.folder()
              + ": a prior starts from noise and knows "
              + (settings.isEmpty()
                  ? "steps and guidance alone"
                  : "steps, guidance and " + String.join(", ", settings) + " alone")
              + "; found strength "
              + plan.strength()
              + ", settings "
              + plan.settings()
              + " and conditions "
              + also.keySet()
              + ".");
    }
  }

  /** The embeddings of a request, one row each of the numbers of a space. */
  static Tensor rows(ModelPack pack, EmbeddingRequest request, EmbeddingSpace given) {
    Tensor rows = request.embeddings();
    if (rows.size() != (long) rows.dim(0) * given.dim()) {
      throw new RecipeException(
          "drawing embeddings with "
              + pack.folder()
              + ": found embeddings "
              + rows.shape()
              + ", expected "
              + given.dim()
              + " numbers each, the space "
              + given.model()
              + " "
              + given.layer()
              + ". Give what a decoder of that space decodes.");
    }
    return rows;
  }

  /** Refuses texts: such a prior takes what was decoded. */
  static RecipeException texts(ModelPack pack, EmbeddingSpace given) {
    return new RecipeException(
        "drawing embeddings with "
            + pack.folder()
            + ": it takes decoded embeddings of "
            + given.model()
            + " "
            + given.layer()
            + ", found texts.");
  }
}
