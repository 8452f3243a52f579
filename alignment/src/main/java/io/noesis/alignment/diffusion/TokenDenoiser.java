package io.noesis.alignment.diffusion;

import io.noesis.encoders.layer.Layer;
import io.noesis.run.Check;

/**
 * The prior of MindEye 1 and 2 for embeddings of tokens (arXiv:2305.18274, arXiv:2403.11207): a
 * transformer over the tokens of the condition, one token for the step, and the noisy tokens, of
 * which the last are its output. A token of the condition and the noisy one of its place share a
 * learned vector of the tokens' own scale. With the positions of the published network: {@link
 * RotaryDenoiser}.
 *
 * @param depth how many blocks
 * @param heads of attention
 * @param headWidth width of each head
 * @param hidden width of the feed-forward networks over that of a token
 * @param dropout rate at the end of each branch
 */
public record TokenDenoiser(int depth, int heads, int headWidth, int hidden, double dropout)
    implements Denoiser {
  /** Checks the sizes. */
  public TokenDenoiser {
    Check.argument(
        depth >= 1 && heads >= 1 && headWidth >= 1 && hidden >= 1,
        "the network of a prior: expected depth, heads and widths of at least 1, found %d, %d, %d,"
            + " %d",
        depth,
        heads,
        headWidth,
        hidden);
  }

  /** As published in MindEye: 6 blocks, 12 heads of 64, four times as wide between. */
  public static TokenDenoiser defaults() {
    return new TokenDenoiser(6, 12, 64, 4, 0);
  }

  @Override
  public Layer network(PriorSizes sizes) {
    Check.argument(
        sizes.embedding().size() == 2 && sizes.condition().equals(sizes.embedding()),
        "a prior of tokens: expected a condition of the embedding's shape [tokens, dim], found %s"
            + " and %s",
        sizes.condition(),
        sizes.embedding());
    return new TokenDenoising(this, sizes.embedding().get(0), sizes.embedding().get(1));
  }
}
