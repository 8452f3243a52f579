package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * An encoder of patches that learns by filling in what it did not see (He et al. 2022,
 * arXiv:2111.06377): in training it gets only some patches of each row, and a decoder, which
 * evaluation and graph do not have, makes the others from its output. The mean squared error of
 * those others is added to the loss as {@value #RECONSTRUCTION}. In evaluation {@code [batch,
 * channels, extents...]} → {@code [batch, tokens, width]}; in training only the tokens it saw come
 * out, shuffled.
 *
 * @param patches cuts the input
 * @param positions added to all tokens
 * @param encoder of tokens, the same whatever their order; it may put more in front
 * @param filling how the rest is made
 */
public record MaskedAutoencoder(
    PatchTokenizer patches, Layer positions, Layer encoder, Filling filling) implements Layer {
  /** Name of the term of the loss. */
  public static final String RECONSTRUCTION = "reconstruction";

  private static final String MASK_TOKEN = "mask_token";
  private static final double EPSILON = 1e-6;

  /** What is made of a patch. */
  public enum Target {
    /** Its numbers. */
    RAW,
    /** Its numbers, standardised within the patch. */
    STANDARDISED
  }

  /**
   * How patches that were not seen are made.
   *
   * @param rate fraction of them, in (0, 1)
   * @param width of a token in the decoder
   * @param positions added to all tokens there
   * @param decoder of those tokens
   * @param target what is made
   */
  public record Filling(double rate, int width, Layer positions, Layer decoder, Target target) {
    /** Checks the rate. */
    public Filling {
      Check.argument(
          rate > 0 && rate < 1 && width > 0,
          "masked autoencoder: expected a rate in (0, 1) and a width of at least 1, found %s, %d",
          rate,
          width);
    }
  }

  private Layer into() {
    return Linear.of(patches.width(), filling.width());
  }

  private Layer out() {
    return Linear.of(filling.width(), patches.patchSize());
  }

  private int seen() {
    int hidden = Math.toIntExact(Math.round(filling.rate() * patches.tokens()));
    return Math.max(1, patches.tokens() - Math.max(1, hidden));
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("patches", patches);
    parameters.inner("positions", positions);
    parameters.inner("encoder", encoder);
    parameters.inner("into", into());
    parameters.parameter(MASK_TOKEN, new Initial.Normal(0.02), filling.width());
    parameters.inner("decoder_positions", filling.positions());
    parameters.inner("decoder", filling.decoder());
    parameters.inner("out", out());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value tokens = pass.inner("positions", positions, pass.inner("patches", patches, input));
    if (pass.mode() == Mode.EVALUATION) {
      return pass.inner("encoder", encoder, tokens);
    }
    Value order = TokenDropout.order(pass, tokens);
    Value visible = Indices.take(tokens, Ops.narrow(order, 1, 0, seen()));
    Value latent = pass.inner("encoder", encoder, visible);
    Value own = Ops.narrow(latent, 1, latent.dim(1) - seen(), seen());
    Value rank = Indices.order(order, 1);
    Value error = Ops.square(Ops.subtract(filled(pass, own, rank), target(input)));
    Value hidden = Ops.addAxis(Ops.add(Ops.negate(Ops.below(rank.like(error), seen())), 1), 2);
    double share = patches.tokens() / (double) (patches.tokens() - seen());
    pass.term(RECONSTRUCTION, Ops.multiply(Ops.mean(Ops.multiply(error, hidden)), share));
    return latent;
  }

  /** Each row's patches as the decoder makes them of those that were seen, in their order. */
  private Value filled(Pass pass, Value latent, Value rank) {
    int hidden = patches.tokens() - seen();
    Value masks = Ops.expand(pass.parameter(MASK_TOKEN), latent.dim(0), hidden, filling.width());
    Value shuffled = Ops.concatenate(1, pass.inner("into", into(), latent), masks);
    Value tokens = Indices.take(shuffled, rank);
    Value placed = pass.inner("decoder_positions", filling.positions(), tokens);
    return pass.inner("out", out(), pass.inner("decoder", filling.decoder(), placed));
  }

  private Value target(Value input) {
    Value cut = patches.cut(input);
    return filling.target() == Target.RAW ? cut : Neural.standardize(cut, EPSILON);
  }

  @Override
  public String emit(Emission graph, String input) {
    String tokens = graph.inner("patches", patches, input);
    return graph.inner("encoder", encoder, graph.inner("positions", positions, tokens));
  }

  @Override
  public String describe() {
    return patches.describe()
        + ", "
        + filling.rate()
        + " of them filled in for training, through "
        + encoder.describe();
  }
}
