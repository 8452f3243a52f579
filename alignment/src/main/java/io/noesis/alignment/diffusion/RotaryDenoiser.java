package io.noesis.alignment.diffusion;

import io.noesis.encoders.layer.Layer;
import io.noesis.run.Check;

/**
 * The prior network of MindEye 1 and 2 as it was published (arXiv:2305.18274, arXiv:2403.11207; the
 * transformer is that of DALL·E 2's prior, Ramesh et al. 2022, arXiv:2204.06125): the tokens of the
 * condition, one for the step, and the noisy tokens, which get learned vectors of their places;
 * attention with rotary and relative positions, gates in the feed-forward networks. For weights
 * that were trained there ({@link PriorPrograms}); {@link TokenDenoiser} learns sooner from few
 * rows.
 *
 * @param depth how many blocks
 * @param heads of attention
 * @param headWidth width of each head, even
 * @param hidden width of the feed-forward networks over that of a token
 */
public record RotaryDenoiser(int depth, int heads, int headWidth, int hidden) implements Denoiser {
  /** Checks the sizes. */
  public RotaryDenoiser {
    Check.argument(
        depth >= 1 && heads >= 1 && headWidth >= 2 && headWidth % 2 == 0 && hidden >= 1,
        "the network of a prior: expected depth, heads and widths of at least 1 and an even width of"
            + " a head, found %d, %d, %d, %d",
        depth,
        heads,
        headWidth,
        hidden);
  }

  /** As published in MindEye: 6 blocks, 12 heads of 64, four times as wide between. */
  public static RotaryDenoiser defaults() {
    return new RotaryDenoiser(6, 12, 64, 4);
  }

  @Override
  public Layer network(PriorSizes sizes) {
    Check.argument(
        sizes.embedding().size() == 2
            && sizes.condition().equals(sizes.embedding())
            && sizes.embedding().get(1) % 2 == 0,
        "a prior of tokens: expected a condition of the embedding's shape [tokens, dim] with an even"
            + " dim, found %s and %s",
        sizes.condition(),
        sizes.embedding());
    return new RotaryDenoising(this, sizes.embedding().get(0), sizes.embedding().get(1));
  }
}
