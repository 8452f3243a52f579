package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SinusoidalPositions;
import io.noesis.encoders.layer.Slice;
import io.noesis.encoders.layer.SubjectToken;
import io.noesis.encoders.layer.TransformerBlock;

/**
 * The encoder ATM-S (Li et al. 2024, arXiv:2403.07721): each channel is a token, a token of the
 * subject stands before them, one transformer block with the norm last relates them; then the
 * temporal-spatial convolution and projector of NICE. {@code [trials, channels, samples]} → {@code
 * [trials, dim]}.
 *
 * @param heads of the block
 * @param headWidth of each; together they may be narrower than an epoch has samples
 * @param hidden width inside the block
 * @param blocks how many
 * @param dropout rate in the block and in front of it
 * @param positions whether channels are told their place in the order
 * @param kept which tokens go on to the convolution
 * @param convolution its settings
 */
public record AtmS(
    int heads,
    int headWidth,
    int hidden,
    int blocks,
    double dropout,
    Positions positions,
    Kept kept,
    TemporalSpatialConvolution convolution)
    implements NetworkSpec {
  static final String NAME = "atm";

  /** Whether channels are told their place in the order. */
  public enum Positions {
    /** As for the published numbers. */
    NONE,
    /** By fixed waves, as in the code since December 2025. */
    WAVES
  }

  /** Which tokens go on to the convolution. */
  public enum Kept {
    /** Those of all channels. */
    CHANNELS,
    /** As published: as many as there are channels from the first, so the last channel is lost. */
    FIRST
  }

  /** As published for 250 samples, but without losing a channel. */
  public static AtmS defaults() {
    return new AtmS(
        4, 62, 256, 1, 0.25, Positions.NONE, Kept.CHANNELS, TemporalSpatialConvolution.defaults());
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int channels = sizes.channels(NAME);
    int samples = sizes.response().get(1);
    Sequence.Builder steps = Sequence.builder().add("embedding", Linear.of(samples, samples));
    if (positions == Positions.WAVES) {
      steps.add("positions", SinusoidalPositions.of(channels, samples));
    }
    steps
        .add("subjects", new SubjectToken(sizes.subjects().size(), samples))
        .add("dropout", new Dropout(dropout));
    for (int b = 0; b < blocks; b++) {
      steps.add("blocks." + b, block(samples));
    }
    return steps
        .add("norm", LayerNorm.of(samples))
        .add("kept", new Slice(1, kept == Kept.CHANNELS ? 1 : 0, channels))
        .add("convolution", convolution.convolutions(channels, samples))
        .add("projector", convolution.projector(convolution.features(samples), sizes))
        .build();
  }

  private Layer block(int samples) {
    Attention attention = Attention.self(samples, heads, headWidth);
    return TransformerBlock.of(
        attention.with(attention.options().withDropout(dropout)),
        new FeedForward(samples, hidden, new Gelu(), dropout),
        NormedResidual.Style.normLast().withDropout(dropout));
  }
}
