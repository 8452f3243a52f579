package io.noesis.reconstruction.diffusion;

import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the public requests have in common.
 *
 * @param seeds one per picture
 * @param plan how they are sampled
 * @param embeddings one row per picture, where they are asked for by embedding
 * @param captions one per picture, or none
 * @param negative what the pictures should not show
 * @param also further conditions, one row per picture
 * @param start what the pictures start from below strength 1
 */
record Ask(
    List<Long> seeds,
    SamplingPlan plan,
    Optional<Tensor> embeddings,
    List<String> captions,
    String negative,
    Map<String, Tensor> also,
    Optional<Start> start) {

  /** What a run below strength 1 starts from. */
  sealed interface Start {
    /** Pictures {@code [n or 1, 3, height, width]} in [0, 1], to be encoded. */
    record FromPictures(Tensor pictures) implements Start {}

    /** Clean latents {@code [n, channels, height, width]} as the network knows them. */
    record FromLatents(Tensor latents) implements Start {}
  }

  static Ask of(PictureRequest request) {
    return new Ask(
        request.seeds(),
        request.plan(),
        Optional.empty(),
        request.prompts(),
        request.negative(),
        Map.of(),
        request.start().map(Start.FromPictures::new));
  }

  /** By the captions of a request; an empty text where it has none. */
  static Ask byCaption(EmbeddingRequest request) {
    return of(request).textAlone();
  }

  static Ask of(EmbeddingRequest request) {
    return new Ask(
        request.seeds(),
        request.plan(),
        Optional.of(request.embeddings()),
        request.captions(),
        request.negative(),
        request.also(),
        request.start().map(Start.FromLatents::new));
  }

  int rows() {
    return seeds.size();
  }

  boolean isGuided() {
    return plan.isGuided();
  }

  /** The same for a network that guides itself. */
  Ask unguided() {
    SamplingPlan alone =
        new SamplingPlan(plan.steps(), 1, plan.rescale(), plan.strength(), plan.settings());
    return new Ask(seeds, alone, embeddings, captions, negative, also, start);
  }

  /** Only its captions, or as many empty ones, for a family that reads text beside embeddings. */
  Ask textAlone() {
    List<String> texts = captions.isEmpty() ? Collections.nCopies(rows(), "") : captions;
    return new Ask(seeds, plan, Optional.empty(), texts, negative, also, start);
  }

  /** A part of the pictures, which are independent of each other. */
  Ask part(int from, int to) {
    int[] which = IntStream.range(from, to).toArray();
    return new Ask(
        seeds.subList(from, to),
        plan,
        embeddings.map(t -> t.rows(which)),
        captions.isEmpty() ? captions : captions.subList(from, to),
        negative,
        also.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().rows(which))),
        start.map(s -> part(s, which)));
  }

  private static Start part(Start start, int[] which) {
    if (start instanceof Start.FromPictures from) {
      return from.pictures().dim(0) == 1
          ? from
          : new Start.FromPictures(from.pictures().rows(which));
    }
    return new Start.FromLatents(((Start.FromLatents) start).latents().rows(which));
  }
}
