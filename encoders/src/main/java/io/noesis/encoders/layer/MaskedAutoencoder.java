package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * An encoder of patches that learns by filling in what it did not see (He et al. 2022,
 * arXiv:2111.06377): in training it gets only some patches of each row, and a decoder makes the
 * others from its output. The mean squared error of those others is added to the loss as {@value
 * #RECONSTRUCTION}. In evaluation {@code [batch, channels, extents...]} → {@code [batch, front +
 * tokens, width]}, with a further output {@value #REBUILT} {@code [batch, tokens, numbers of a
 * patch]}: what the decoder makes of them, nothing hidden. In training only the tokens it saw come
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

  /** Name of the output with all patches as the decoder makes them. */
  public static final String REBUILT = "rebuilt";

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
   * @param front how many tokens the encoder puts in front; the decoder sees them, too
   * @param width of a token in the decoder
   * @param positions added to the tokens of patches there
   * @param decoder of those tokens
   * @param target what is made
   */
  public record Filling(
      double rate, int front, int width, Layer positions, Layer decoder, Target target) {
    /** Checks the rate. */
    public Filling {
      Check.argument(
          rate > 0 && rate < 1 && front >= 0 && width > 0,
          "masked autoencoder: expected a rate in (0, 1), at least 0 tokens in front and a width of"
              + " at least 1, found %s, %d, %d",
          rate,
          front,
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
      Value latent = pass.inner("encoder", encoder, tokens);
      Value narrow = pass.inner("into", into(), latent);
      pass.output(REBUILT, decoded(pass, narrow, ofPatches(narrow, patches.tokens())));
      return latent;
    }
    Value order = TokenDropout.order(pass, tokens);
    Value visible = Indices.take(tokens, Ops.narrow(order, 1, 0, seen()));
    Value latent = pass.inner("encoder", encoder, visible);
    Value narrow = pass.inner("into", into(), latent);
    Value rank = Indices.order(order, 1);
    Value filled = decoded(pass, narrow, filled(pass, ofPatches(narrow, seen()), rank));
    Value error = Ops.square(Ops.subtract(filled, target(input)));
    Value hidden = Ops.addAxis(Ops.add(Ops.negate(Ops.below(rank.like(error), seen())), 1), 2);
    double share = patches.tokens() / (double) (patches.tokens() - seen());
    pass.term(RECONSTRUCTION, Ops.multiply(Ops.mean(Ops.multiply(error, hidden)), share));
    return latent;
  }

  private Value ofPatches(Value tokens, int count) {
    return Ops.narrow(tokens, 1, filling.front(), count);
  }

  /** Each row's tokens that were seen, and the learned one for the others, in their order. */
  private Value filled(Pass pass, Value seen, Value rank) {
    int hidden = patches.tokens() - seen();
    Value masks = Ops.expand(pass.parameter(MASK_TOKEN), seen.dim(0), hidden, filling.width());
    return Indices.take(Ops.concatenate(1, seen, masks), rank);
  }

  /** The patches that the decoder makes of all tokens, behind those in front of the narrow ones. */
  private Value decoded(Pass pass, Value narrow, Value tokens) {
    int front = filling.front();
    Value placed = pass.inner("decoder_positions", filling.positions(), tokens);
    Value all = front == 0 ? placed : Ops.concatenate(1, Ops.narrow(narrow, 1, 0, front), placed);
    Value made = pass.inner("decoder", filling.decoder(), all);
    return pass.inner("out", out(), ofPatches(made, patches.tokens()));
  }

  private Value target(Value input) {
    Value cut = patches.cut(input);
    return filling.target() == Target.RAW ? cut : Neural.standardize(cut, EPSILON);
  }

  @Override
  public String emit(Emission graph, String input) {
    String tokens = graph.inner("patches", patches, input);
    String latent = graph.inner("encoder", encoder, graph.inner("positions", positions, tokens));
    String narrow = graph.inner("into", into(), latent);
    int front = filling.front();
    String all =
        graph.inner("decoder_positions", filling.positions(), ofPatches(graph, "own", narrow));
    if (front > 0) {
      String first = graph.inner("front", new Slice(1, 0, front), narrow);
      all = graph.node("Concat", "all", List.of(first, all), OnnxAttribute.number("axis", 1));
    }
    String made = graph.inner("decoder", filling.decoder(), all);
    String rebuilt = graph.inner("out", out(), ofPatches(graph, "made", made));
    List<Integer> sizes = List.of(patches.tokens(), patches.patchSize());
    graph.output(REBUILT, new Emission.Output(rebuilt, sizes));
    return latent;
  }

  private String ofPatches(Emission graph, String name, String tokens) {
    int front = filling.front();
    return front == 0 ? tokens : graph.inner(name, new Slice(1, front, patches.tokens()), tokens);
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
