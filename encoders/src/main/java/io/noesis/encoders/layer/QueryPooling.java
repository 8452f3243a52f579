package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;

/**
 * A fixed number of learned queries that look at the tokens: they go through a decoder whose
 * {@linkplain Attention#CONTEXT context} is the input (Perceiver, arXiv:2103.03206; Q-Former,
 * arXiv:2301.12597), or zeros do, to which the decoder adds the queries where it looks (DETR,
 * arXiv:2005.12872). {@code [batch, tokens, contextWidth]} → {@code [batch, queries, width]};
 * {@code queries [queries, width]}.
 *
 * @param queries how many, and how they begin
 * @param decoder cross-attention, or blocks with it
 * @param keys what is done to tokens before they are offered as {@link Attention#KEYS}; it has no
 *     parameters
 */
public record QueryPooling(Queries queries, Layer decoder, Layer keys) implements Layer {
  private static final String QUERIES = "queries";

  /** What goes through the decoder. */
  public enum State {
    /** The queries. */
    QUERIES,
    /** Zeros; the queries are found as {@link QueryPlaces#PLACES}. */
    ZERO
  }

  /**
   * The learned queries.
   *
   * @param count how many
   * @param width of each
   * @param sd of the normal distribution that they are first drawn from
   * @param state what goes through the decoder
   */
  public record Queries(int count, int width, double sd, State state) {
    /** Checks the sizes. */
    public Queries {
      Check.argument(
          count > 0 && width > 0 && sd > 0,
          "pooling by queries: expected sizes of at least 1 and a sd above 0, found %d of width %d,"
              + " sd %s",
          count,
          width,
          sd);
    }

    /** They go through the decoder themselves, and begin with an sd of 0.02. */
    public static Queries of(int count, int width) {
      return new Queries(count, width, 0.02, State.QUERIES);
    }

    /** As PyTorch begins embeddings: with an sd of 1. */
    public static Queries unit(int count, int width) {
      return new Queries(count, width, 1, State.QUERIES);
    }

    /** The same with another state. */
    public Queries from(State other) {
      return new Queries(count, width, sd, other);
    }
  }

  /** Keys of the tokens as they are. */
  public QueryPooling(Queries queries, Layer decoder) {
    this(queries, decoder, new Identity());
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter(
        QUERIES, new Initial.Normal(queries.sd()), queries.count(), queries.width());
    parameters.inner("decoder", decoder);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value learned =
        Ops.expand(pass.parameter(QUERIES), input.dim(0), queries.count(), queries.width());
    boolean zero = queries.state() == State.ZERO;
    Value start = zero ? Ops.multiply(learned.detach(), 0) : learned;
    return pass.with(Attention.CONTEXT, input)
        .with(Attention.KEYS, keys.forward(pass, input))
        .with(QueryPlaces.PLACES, learned)
        .inner("decoder", decoder, start);
  }

  @Override
  public String emit(Emission graph, String input) {
    String learned = graph.weight(QUERIES);
    boolean zero = queries.state() == State.ZERO;
    String first =
        zero ? graph.constant("zeros", Tensor.zeros(queries.count(), queries.width())) : learned;
    String start = graph.forEachRow("start", first, input, queries.count(), queries.width());
    return graph
        .with(Attention.CONTEXT, input)
        .with(QueryPlaces.PLACES, learned)
        .offering(Attention.KEYS, () -> graph.inner("keys", keys, input))
        .inner("decoder", decoder, start);
  }

  @Override
  public String describe() {
    return queries.count() + " queries through " + decoder.describe();
  }
}
