package io.noesis.alignment.diffusion;

import io.noesis.encoders.layer.Layer;
import io.noesis.run.Check;
import java.util.List;

/**
 * The prior of ATM for embeddings that are vectors (Li et al. 2024, arXiv:2403.07721): narrower and
 * narrower maps and back, each told the step and the condition, with the way in added on the way
 * out.
 *
 * @param widths from the widest to the narrowest
 * @param timeWidth of the waves of the step
 * @param dropout rate behind each map
 */
public record VectorDenoiser(List<Integer> widths, int timeWidth, double dropout)
    implements Denoiser {
  /** Checks the widths. */
  public VectorDenoiser {
    widths = List.copyOf(widths);
    Check.argument(
        widths.size() >= 2 && widths.stream().allMatch(width -> width > 0),
        "the network of a prior: expected at least two widths of at least 1, found %s",
        widths);
  }

  /** As published: 1024, 512, 256, 128, 64, waves of 512, dropout 0.1. */
  public static VectorDenoiser defaults() {
    return new VectorDenoiser(List.of(1024, 512, 256, 128, 64), 512, 0.1);
  }

  @Override
  public Layer network(PriorSizes sizes) {
    Check.argument(
        sizes.embedding().size() == 1,
        "a prior of vectors: expected embeddings [rows, dim], found rows %s; use tokens",
        sizes.embedding());
    return new VectorDenoising(this, sizes.conditionSize(), sizes.embeddingSize());
  }
}
