package io.noesis.reconstruction.diffusion;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures to make from embeddings.
 *
 * @param embeddings {@code [n, dim]} or, where the model wants tokens, {@code [n, tokens, dim]}
 * @param captions one per picture for generators that also read text; else empty
 * @param negative what the pictures should not show; the unconditional text when empty
 * @param seeds one per picture, of PyTorch's CPU generator: a picture does not depend on the others
 * @param plan how they are sampled
 * @param start needed below strength 1: clean latents to start from {@code [n, channels, height,
 *     width]}, as the network knows them (what the autoencoder gives times its scaling factor), or,
 *     with three channels where latents have another number, pictures in [0, 1]
 * @param also further conditions by the name that the kind of model gives them, one row per
 *     picture: {@code text} for tokens beside those of the image, {@code control} for a depth map
 * @param draws seeds of what a prior draws, one per picture; those of the pictures where empty
 */
public record EmbeddingRequest(
    Tensor embeddings,
    List<String> captions,
    String negative,
    List<Long> seeds,
    SamplingPlan plan,
    Optional<Tensor> start,
    Map<String, Tensor> also,
    List<Long> draws) {
  /** Checks that the parts belong together. */
  public EmbeddingRequest {
    captions = List.copyOf(captions);
    seeds = List.copyOf(seeds);
    also = Map.copyOf(also);
    draws = List.copyOf(draws);
    int rows = embeddings.dim(0);
    Check.argument(
        embeddings.shape().rank() == 2 || embeddings.shape().rank() == 3,
        "embeddings need shape [n, dim] or [n, tokens, dim], found %s",
        embeddings.shape());
    Check.size("seeds, one per embedding", rows, seeds.size());
    if (!captions.isEmpty()) {
      Check.size("captions, one per embedding", rows, captions.size());
    }
    if (!draws.isEmpty()) {
      Check.size("seeds of a prior's draws, one per embedding", rows, draws.size());
    }
    start.ifPresent(latents -> Check.size("latents to start from", rows, latents.dim(0)));
    also.forEach((name, value) -> Check.size("rows of '" + name + "'", rows, value.dim(0)));
    Check.argument(
        start.isPresent() == plan.strength() < 1,
        "strength %s %s latents to start from",
        plan.strength(),
        start.isPresent() ? "takes no" : "needs");
  }

  /**
   * With draws of the pictures' own seeds.
   *
   * @param embeddings as above
   * @param captions as above
   * @param negative as above
   * @param seeds as above
   * @param plan as above
   * @param start as above
   * @param also as above
   */
  public EmbeddingRequest(
      Tensor embeddings,
      List<String> captions,
      String negative,
      List<Long> seeds,
      SamplingPlan plan,
      Optional<Tensor> start,
      Map<String, Tensor> also) {
    this(embeddings, captions, negative, seeds, plan, start, also, List.of());
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
    return new EmbeddingRequest(embeddings, List.of(), "", seeds, plan, Optional.empty(), Map.of());
  }

  /**
   * The same with other noise.
   *
   * @param others one per picture
   * @return the request
   */
  public EmbeddingRequest withSeeds(List<Long> others) {
    return new EmbeddingRequest(embeddings, captions, negative, others, plan, start, also, draws);
  }

  /**
   * The same of other embeddings.
   *
   * @param others one row per picture
   * @return the request
   */
  public EmbeddingRequest of(Tensor others) {
    return new EmbeddingRequest(others, captions, negative, seeds, plan, start, also, draws);
  }

  /**
   * The same with other draws of a prior.
   *
   * @param others seeds, one per picture
   * @return the request
   */
  public EmbeddingRequest withDraws(List<Long> others) {
    return new EmbeddingRequest(embeddings, captions, negative, seeds, plan, start, also, others);
  }

  /**
   * The same with captions.
   *
   * @param texts one per picture, or none
   * @return the request
   */
  public EmbeddingRequest withCaptions(List<String> texts) {
    return new EmbeddingRequest(embeddings, texts, negative, seeds, plan, start, also, draws);
  }

  /**
   * The same with another negative prompt.
   *
   * @param text what the pictures should not show; empty for nothing
   * @return the request
   */
  public EmbeddingRequest without(String text) {
    return new EmbeddingRequest(embeddings, captions, text, seeds, plan, start, also, draws);
  }

  /**
   * The same from decoded low-level latents.
   *
   * @param latents one row per picture
   * @param sampling a plan of a strength below 1
   * @return the request
   */
  public EmbeddingRequest from(Tensor latents, SamplingPlan sampling) {
    return new EmbeddingRequest(
        embeddings, captions, negative, seeds, sampling, Optional.of(latents), also, draws);
  }

  /**
   * The same with further conditions.
   *
   * @param conditions by name, one row per picture
   * @return the request
   */
  public EmbeddingRequest with(Map<String, Tensor> conditions) {
    return new EmbeddingRequest(
        embeddings, captions, negative, seeds, plan, start, conditions, draws);
  }
}
