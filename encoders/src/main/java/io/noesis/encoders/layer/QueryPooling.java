package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * A fixed number of learned queries that look at the tokens: they go through a decoder whose
 * {@linkplain Attention#CONTEXT context} is the input (Perceiver, arXiv:2103.03206; Q-Former,
 * arXiv:2301.12597). {@code [batch, tokens, contextWidth]} → {@code [batch, queries, width]};
 * {@code queries [queries, width]}, first drawn from a normal distribution of sd 0.02.
 *
 * @param queries how many
 * @param width of each
 * @param decoder cross-attention, or blocks with it
 * @param keys what is done to tokens before they are offered as {@link Attention#KEYS}; it has no
 *     parameters
 */
public record QueryPooling(int queries, int width, Layer decoder, Layer keys) implements Layer {
  private static final String QUERIES = "queries";

  /** Checks the sizes. */
  public QueryPooling {
    Check.argument(
        queries > 0 && width > 0,
        "pooling by queries: expected sizes of at least 1, found %d of width %d",
        queries,
        width);
  }

  /** Keys of the tokens as they are. */
  public QueryPooling(int queries, int width, Layer decoder) {
    this(queries, width, decoder, new Identity());
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter(QUERIES, new Initial.Normal(0.02), queries, width);
    parameters.inner("decoder", decoder);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value start = Ops.expand(pass.parameter(QUERIES), input.dim(0), queries, width);
    return pass.with(Attention.CONTEXT, input)
        .with(Attention.KEYS, keys.forward(pass, input))
        .inner("decoder", decoder, start);
  }

  @Override
  public String emit(Emission graph, String input) {
    String start = graph.forEachRow("start", graph.weight(QUERIES), input, queries, width);
    return graph
        .with(Attention.CONTEXT, input)
        .offering(Attention.KEYS, () -> graph.inner("keys", keys, input))
        .inner("decoder", decoder, start);
  }

  @Override
  public String describe() {
    return queries + " queries through " + decoder.describe();
  }
}
