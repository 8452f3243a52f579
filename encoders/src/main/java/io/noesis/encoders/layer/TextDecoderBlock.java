package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * A block of T5's decoder (Raffel et al. 2020, arXiv:1910.10683, in the form of its release 1.1):
 * attention to earlier words with relative positions, attention to the {@linkplain
 * Attention#CONTEXT context}, and a gated feed-forward network, each as a residual branch behind an
 * RMS norm; no biases, and scores that are not divided by the width of a head. {@code [batch,
 * words, width]} → the same; parameters under {@code self}, {@code cross} and {@code mlp}, each
 * with {@code norm} and {@code of}.
 *
 * @param width of a word
 * @param heads of attention
 * @param headWidth of each
 * @param hidden width of the feed-forward network
 */
public record TextDecoderBlock(int width, int heads, int headWidth, int hidden) implements Layer {
  private static final double EPSILON = 1e-6;

  /** Checks the sizes. */
  public TextDecoderBlock {
    Check.argument(
        width > 0 && heads > 0 && headWidth > 0 && hidden > 0,
        "block of a text decoder: expected sizes of at least 1, found %d, %d heads of %d, %d",
        width,
        heads,
        headWidth,
        hidden);
  }

  private Attention.Options options() {
    return Attention.Options.defaults(heads * headWidth)
        .withBias(Bias.WITHOUT, Bias.WITHOUT)
        .withGain(Math.sqrt(headWidth));
  }

  private Layer steps() {
    Attention self =
        Attention.self(width, heads, headWidth)
            .with(options().withSight(Sight.EARLIER).withScoreBias(Attention.ScoreBias.GIVEN));
    Attention cross = new Attention(width, heads, Attention.Source.CONTEXT, width, options());
    return Sequence.builder()
        .add("self", branch(self))
        .add("cross", branch(cross))
        .add("mlp", branch(new GatedFeedForward(width, hidden, new GeluByTanh())))
        .build();
  }

  private Layer branch(Layer inner) {
    return new Residual(
        Sequence.builder().add("norm", new RmsNorm(width, EPSILON)).add("of", inner).build());
  }

  @Override
  public void declare(Declaration parameters) {
    steps().declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return steps().forward(pass, input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return steps().emit(graph, input);
  }

  @Override
  public String describe() {
    return "block of a text decoder, " + width + " in " + heads + " heads of " + headWidth;
  }
}
