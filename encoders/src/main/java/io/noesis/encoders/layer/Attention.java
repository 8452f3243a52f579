package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention: softmax(Q·Kᵀ / √(inner / heads))·V, then a linear map (Vaswani et al. 2017,
 * arXiv:1706.03762). Q is made from the input {@code [batch, queries, width]}; K and V from the
 * input itself, or from the further input {@value #CONTEXT} {@code [batch, tokens, contextWidth]}.
 *
 * @param width of the input and output
 * @param heads how many
 * @param source where K and V come from
 * @param contextWidth width of that source; the width itself when it is the input
 * @param options what else can differ
 */
public record Attention(int width, int heads, Source source, int contextWidth, Options options)
    implements Layer {
  /** Name of the further input to look at. */
  public static final String CONTEXT = "context";

  /** Name of the further input {@code [heads, queries, tokens]} that is added to scores. */
  public static final String SCORE_BIAS = RotaryAttention.BIAS;

  /** Name of the further input that keys are made of, where they are not as values. */
  public static final String KEYS = "keys";

  private static final OnnxAttribute HEADS_FIRST = OnnxAttribute.numbers("perm", 0, 2, 1, 3);
  private static final OnnxAttribute KEYS_LAST = OnnxAttribute.numbers("perm", 0, 2, 3, 1);

  /** Where keys and values come from. */
  public enum Source {
    /** The input. */
    INPUT,
    /** The further input {@value Attention#CONTEXT}. */
    CONTEXT
  }

  /** Whether queries and keys are normalised before they meet. */
  public enum QueryKeyNorm {
    /** Not. */
    NONE,
    /** Layer norm over the width of a head (Henry et al. 2020, Dehghani et al. 2023). */
    LAYER
  }

  /** What keys are made of. */
  public enum Keys {
    /** Of what values are made of. */
    AS_VALUES,
    /**
     * Of the further input {@value Attention#KEYS}, of the context's shape: for positions that are
     * in keys alone (Carion et al. 2020, arXiv:2005.12872).
     */
    GIVEN
  }

  /** What is added to scores. */
  public enum ScoreBias {
    /** Nothing. */
    NONE,
    /** The further input {@value Attention#SCORE_BIAS}, as {@link RelativeBias} makes it. */
    GIVEN
  }

  /**
   * What else can differ.
   *
   * @param inner width of Q, K and V of all heads together
   * @param bias of the maps to Q, K and V
   * @param outBias of the last map
   * @param norm of queries and keys
   * @param normEpsilon added to the variance in that norm
   * @param sight which tokens a query sees
   * @param dropout rate for the weights of attention in training
   * @param gain by which scores are multiplied besides
   * @param keys what keys are made of
   * @param scoreBias what is added to scores
   */
  public record Options(
      int inner,
      Bias bias,
      Bias outBias,
      QueryKeyNorm norm,
      double normEpsilon,
      Sight sight,
      double dropout,
      double gain,
      Keys keys,
      ScoreBias scoreBias) {
    /** Checks the rate. */
    public Options {
      Check.argument(
          dropout >= 0 && dropout < 1,
          "attention: expected a dropout rate in [0, 1), found %s",
          dropout);
      Check.argument(gain > 0, "attention: expected a gain above 0, found %s", gain);
    }

    /** With biases, all tokens in sight, without norm or dropout. */
    public static Options defaults(int inner) {
      return new Options(
          inner,
          Bias.WITH,
          Bias.WITH,
          QueryKeyNorm.NONE,
          1e-5,
          Sight.ALL,
          0,
          1,
          Keys.AS_VALUES,
          ScoreBias.NONE);
    }

    /** The same, with another width of Q, K and V. */
    public Options withInner(int other) {
      return new Options(
          other, bias, outBias, norm, normEpsilon, sight, dropout, gain, keys, scoreBias);
    }

    /** The same, with other biases. */
    public Options withBias(Bias ofMaps, Bias ofOut) {
      return new Options(
          inner, ofMaps, ofOut, norm, normEpsilon, sight, dropout, gain, keys, scoreBias);
    }

    /** The same, with another norm of queries and keys, ε 1e-5. */
    public Options withNorm(QueryKeyNorm other) {
      return withNorm(other, 1e-5);
    }

    /** The same, with another norm of queries and keys and its ε. */
    public Options withNorm(QueryKeyNorm other, double epsilon) {
      return new Options(
          inner, bias, outBias, other, epsilon, sight, dropout, gain, keys, scoreBias);
    }

    /** The same, with other tokens in sight. */
    public Options withSight(Sight other) {
      return new Options(
          inner, bias, outBias, norm, normEpsilon, other, dropout, gain, keys, scoreBias);
    }

    /** The same, with another dropout rate. */
    public Options withDropout(double other) {
      return new Options(
          inner, bias, outBias, norm, normEpsilon, sight, other, gain, keys, scoreBias);
    }

    /** The same, with scores that are multiplied by a number. */
    public Options withGain(double other) {
      return new Options(
          inner, bias, outBias, norm, normEpsilon, sight, dropout, other, keys, scoreBias);
    }

    /** The same, with scores to which something is added. */
    public Options withScoreBias(ScoreBias other) {
      return new Options(
          inner, bias, outBias, norm, normEpsilon, sight, dropout, gain, keys, other);
    }

    /** The same, with keys of something else. */
    public Options withKeys(Keys other) {
      return new Options(
          inner, bias, outBias, norm, normEpsilon, sight, dropout, gain, other, scoreBias);
    }
  }

  /** Checks that the widths split into the heads. */
  public Attention {
    Check.argument(
        heads > 0
            && width > 0
            && options.inner() > 0
            && options.inner() % heads == 0
            && contextWidth > 0,
        "attention: expected a width that splits into the heads, found %d in %d heads, context %d",
        options.inner(),
        heads,
        contextWidth);
    Check.argument(
        source == Source.CONTEXT || contextWidth == width,
        "attention to the input itself: expected the context's width %d, found %d",
        width,
        contextWidth);
    Check.argument(
        source == Source.INPUT || !options.sight().causal(),
        "attention to a context: its tokens have no order with the queries, so none are earlier");
  }

  /** Attention of tokens to each other. */
  public static Attention self(int width, int heads) {
    return new Attention(width, heads, Source.INPUT, width, Options.defaults(width));
  }

  /** Attention of tokens to each other, in heads of a width of their own. */
  public static Attention self(int width, int heads, int headWidth) {
    Options options = Options.defaults(heads * headWidth);
    return new Attention(width, heads, Source.INPUT, width, options);
  }

  /** Attention of tokens to those of the further input. */
  public static Attention cross(int width, int contextWidth, int heads) {
    return new Attention(width, heads, Source.CONTEXT, contextWidth, Options.defaults(width));
  }

  /** The same attention with other options. */
  public Attention with(Options other) {
    return new Attention(width, heads, source, contextWidth, other);
  }

  private Layer query() {
    return new Linear(width, options.inner(), options.bias());
  }

  private Layer ofContext() {
    return new Linear(contextWidth, options.inner(), options.bias());
  }

  private Layer out() {
    return new Linear(options.inner(), width, options.outBias());
  }

  private Layer norm() {
    return options.norm() == QueryKeyNorm.NONE
        ? new Identity()
        : new LayerNorm(options.inner() / heads, options.normEpsilon());
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("query", query());
    parameters.inner("key", ofContext());
    parameters.inner("value", ofContext());
    parameters.inner("query_norm", norm());
    parameters.inner("key_norm", norm());
    parameters.inner("out", out());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value context = source == Source.INPUT ? input : pass.further(CONTEXT);
    Value query = pass.inner("query_norm", norm(), split(pass.inner("query", query(), input)));
    Value keys = options.keys() == Keys.GIVEN ? pass.further(KEYS) : context;
    Value key = pass.inner("key_norm", norm(), split(pass.inner("key", ofContext(), keys)));
    Value value = split(pass.inner("value", ofContext(), context));
    Value mask = options.sight().mask(pass, input);
    if (options.scoreBias() == ScoreBias.GIVEN) {
      Value added = pass.further(SCORE_BIAS);
      mask = mask == null ? added : Ops.add(added, mask);
    }
    Value mixed = mixed(pass, heads(query), heads(key), heads(value), mask);
    Value joined = Ops.reshape(heads(mixed), input.dim(0), input.dim(1), options.inner());
    return pass.inner("out", out(), joined);
  }

  private Value mixed(Pass pass, Value query, Value key, Value value, @Nullable Value mask) {
    if (pass.mode() == Mode.EVALUATION || options.dropout() == 0) {
      Value scaled = options.gain() == 1 ? query : Ops.multiply(query, options.gain());
      return Neural.attention(scaled, key, value, mask);
    }
    // libtorch's own dropout inside attention draws from a stream that is not ours.
    Value scores = Ops.matmul(Ops.multiply(query, scale()), Ops.transpose(key, 2, 3));
    Value weights = Neural.safeSoftmax(mask == null ? scores : Ops.add(scores, mask), -1);
    return Ops.matmul(Neural.dropout(weights, options.dropout(), 4, pass.random()), value);
  }

  private double scale() {
    return options.gain() / Math.sqrt(options.inner() / (double) heads);
  }

  private Value split(Value x) {
    return Ops.reshape(x, x.dim(0), x.dim(1), heads, options.inner() / heads);
  }

  private static Value heads(Value x) {
    return Ops.transpose(x, 1, 2);
  }

  @Override
  public String emit(Emission graph, String input) {
    String context = source == Source.INPUT ? input : graph.further(CONTEXT);
    String sizes = graph.constant("sizes", 0, 0, heads, options.inner() / heads);
    String query = split(graph, sizes, "query", graph.inner("query", query(), input));
    String keys = options.keys() == Keys.GIVEN ? graph.further(KEYS) : context;
    String key = split(graph, sizes, "key", graph.inner("key", ofContext(), keys));
    String value = split(graph, sizes, "value", graph.inner("value", ofContext(), context));
    query = heads(graph, "query", graph.inner("query_norm", norm(), query), HEADS_FIRST);
    key = heads(graph, "key", graph.inner("key_norm", norm(), key), KEYS_LAST);
    String scale = graph.constant("scale", Tensor.wrap(new float[] {(float) scale()}));
    String scaled = graph.node("Mul", "scaled", List.of(query, scale));
    String scores = graph.node("MatMul", "scores", List.of(scaled, key));
    String biased =
        options.scoreBias() == ScoreBias.NONE
            ? scores
            : graph.node("Add", "biased", List.of(scores, graph.further(SCORE_BIAS)));
    String weights = options.sight().emit(graph, biased);
    String mixed =
        graph.node("MatMul", "mixed", List.of(weights, heads(graph, "value", value, HEADS_FIRST)));
    String back = graph.node("Transpose", "back", List.of(mixed), HEADS_FIRST);
    String whole = graph.constant("whole", 0, 0, options.inner());
    return graph.inner("out", out(), graph.node("Reshape", "joined", List.of(back, whole)));
  }

  private static String split(Emission graph, String sizes, String name, String value) {
    return graph.node("Reshape", name + "_split", List.of(value, sizes));
  }

  private static String heads(Emission graph, String name, String value, OnnxAttribute order) {
    return graph.node("Transpose", name + "_heads", List.of(value), order);
  }

  @Override
  public String describe() {
    return (source == Source.INPUT ? "self-attention " : "cross-attention ")
        + width
        + " in "
        + heads
        + " heads"
        + (options.inner() == width ? "" : " of together " + options.inner())
        + (source == Source.INPUT ? "" : " to " + contextWidth)
        + (options.norm() == QueryKeyNorm.NONE ? "" : ", queries and keys normalised")
        + (options.keys() == Keys.AS_VALUES ? "" : ", keys of their own")
        + (options.gain() == 1 ? "" : ", scores times " + options.gain())
        + (options.scoreBias() == ScoreBias.NONE ? "" : ", scores biased")
        + options.sight().describe()
        + (options.dropout() == 0 ? "" : ", dropout " + options.dropout());
  }
}
