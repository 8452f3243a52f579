package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * An encoder of tokens that learns by naming the codes of tokens it did not see (Bao et al. 2022,
 * arXiv:2106.08254; of intracranial signals in Du-IN, Zheng et al. 2024, arXiv:2405.11459). In
 * training some tokens of each row, drawn at random, are replaced by a learned one, and in a second
 * turn all the others; the cross-entropy of the code of each token, where it was replaced, is added
 * to the loss as {@value #CODES}. (Du-IN's code counts tokens that were seen as well, its paper
 * does not: naming what is seen teaches the quantiser by heart and nothing of what goes together.)
 * The codes come from a quantiser that was trained before: its parameters, under {@code tokenizer}
 * and {@code quantiser}, should be frozen. In evaluation, as in training, {@code [batch, ...]} →
 * what the encoder makes of {@code [batch, tokens, width]}.
 *
 * @param tokens makes tokens of the input
 * @param encoder of tokens, {@code [batch, tokens, width]} → the same
 * @param tokenizer makes the vectors that are quantised, one for each token
 * @param quantiser numbers them
 * @param masking of tokens
 */
public record MaskedCodes(
    Layer tokens, Layer encoder, Layer tokenizer, VectorQuantise quantiser, Masking masking)
    implements Layer {
  /** Name of the term of the loss. */
  public static final String CODES = "codes";

  private static final String MASK_TOKEN = "mask_token";

  /**
   * How tokens are masked.
   *
   * @param width of a token
   * @param rate fraction of the first turn, in (0, 1)
   */
  public record Masking(int width, double rate) {
    /** Checks the rate. */
    public Masking {
      Check.argument(
          width > 0 && rate > 0 && rate < 1,
          "masked codes: expected a width of at least 1 and a rate in (0, 1), found %d, %s",
          width,
          rate);
    }
  }

  private Layer names() {
    return Linear.of(masking.width(), quantiser.codes());
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("tokens", tokens);
    parameters.inner("encoder", encoder);
    parameters.parameter(MASK_TOKEN, new Initial.Normal(0.02), masking.width());
    parameters.inner("names", names());
    parameters.inner("tokenizer", tokenizer);
    parameters.inner("quantiser", quantiser);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value seen = pass.inner("tokens", tokens, input);
    if (pass.mode() == Mode.EVALUATION) {
      return pass.inner("encoder", encoder, seen);
    }
    int count = seen.dim(1);
    int first = Math.toIntExact(Math.round(masking.rate() * count));
    Value order = TokenDropout.order(pass, seen);
    Value rank = Indices.order(order, 1);
    Value mask = Ops.addAxis(Ops.below(rank.like(seen), first), 2);
    Value step = Ops.subtract(pass.parameter(MASK_TOKEN), seen);
    Value masked = Ops.add(seen, Ops.multiply(step, mask));
    Value others = Ops.subtract(Ops.add(seen, step), Ops.multiply(step, mask));
    Value encoded = pass.inner("encoder", encoder, Ops.concatenate(0, masked, others));
    Value once = Ops.narrow(encoded, 0, 0, input.dim(0));
    Value again = Ops.narrow(encoded, 0, input.dim(0), input.dim(0));
    // Each token where it was not seen: the first of the order in the first turn.
    Value unseen =
        Ops.concatenate(
            1,
            Indices.take(once, Ops.narrow(order, 1, 0, first)),
            Indices.take(again, Ops.narrow(order, 1, first, count - first)));
    Value logits =
        Ops.reshape(
            pass.inner("names", names(), Indices.take(unseen, rank)), -1, quantiser.codes());
    pass.term(CODES, Ops.crossEntropy(logits, Ops.reshape(codes(pass, input), -1)));
    return once;
  }

  private Value codes(Pass pass, Value input) {
    Pass still = pass.evaluating();
    return Scope.withoutGradients(
        () -> quantiser.codes(still.in("quantiser"), still.inner("tokenizer", tokenizer, input)));
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.inner("encoder", encoder, graph.inner("tokens", tokens, input));
  }

  @Override
  public String describe() {
    return tokens.describe()
        + ", "
        + masking.rate()
        + " of them masked for training, through "
        + encoder.describe();
  }
}
