package io.noesis.reconstruction.diffusion;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Pictures to make from embeddings.
 *
 * @param embeddings {@code [n, dim]} or, where the model wants tokens, {@code [n, tokens, dim]}
 * @param captions one per picture for generators that also read text; else empty
 * @param seeds one per picture, of PyTorch's CPU generator
 * @param plan how they are sampled
 * @param start latents to start from {@code [n, channels, height, width]}, as the autoencoder gives
 *     them; needed below strength 1
 */
public record EmbeddingRequest(
    Tensor embeddings,
    List<String> captions,
    List<Long> seeds,
    SamplingPlan plan,
    Optional<Tensor> start) {
  /** Checks that the parts belong together. */
  public EmbeddingRequest {
    captions = List.copyOf(captions);
    seeds = List.copyOf(seeds);
    Check.argument(
        embeddings.shape().rank() == 2 || embeddings.shape().rank() == 3,
        "embeddings need shape [n, dim] or [n, tokens, dim], found %s",
        embeddings.shape());
    Check.size("seeds, one per embedding", embeddings.dim(0), seeds.size());
    if (!captions.isEmpty()) {
      Check.size("captions, one per embedding", embeddings.dim(0), captions.size());
    }
    Check.argument(
        start.isPresent() == plan.strength() < 1,
        "strength %s %s latents to start from",
        plan.strength(),
        start.isPresent() ? "takes no" : "needs");
  }

  /**
   * Pictures from embeddings alone.
   *
   * @param embeddings one row per picture
   * @param seeds one per picture
   * @param plan how they are sampled
   * @return the request
   */
  public static EmbeddingRequest of(Tensor embeddings, List<Long> seeds, SamplingPlan plan) {
    return new EmbeddingRequest(embeddings, List.of(), seeds, plan, Optional.empty());
  }
}
