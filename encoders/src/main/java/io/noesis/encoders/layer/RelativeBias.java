package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * Offers an inner layer what is added to scores of attention by how far before a query a token
 * stands (T5, Raffel et al. 2020, arXiv:1910.10683): a learned number for each head and distance,
 * one distance by one up to half of the buckets, then in steps that grow by equal factors. Tokens
 * behind a query count as at distance 0. {@code [batch, tokens, width]} → what the inner layer
 * gives; {@code weight [buckets, heads]}. The parameters of the inner layer keep their names.
 *
 * @param tokens how many
 * @param heads of attention
 * @param buckets of distances, an even number
 * @param farthest distance from which on all are alike
 * @param inner asks for {@link Attention#SCORE_BIAS}
 */
public record RelativeBias(int tokens, int heads, int buckets, int farthest, Layer inner)
    implements Layer {
  /** Checks the numbers. */
  public RelativeBias {
    Check.argument(
        tokens > 0 && heads > 0 && buckets > 1 && buckets % 2 == 0 && farthest > buckets / 2,
        "relative positions: expected tokens and heads of at least 1, an even number of buckets and"
            + " a farthest distance above half of it, found %d, %d, %d and %d",
        tokens,
        heads,
        buckets,
        farthest);
  }

  /** The bucket of a distance. */
  int bucket(int distance) {
    int single = buckets / 2;
    if (distance < single) {
      return Math.max(0, distance);
    }
    // In float32, as PyTorch has it: at the edges of buckets the last digits decide.
    float part =
        (float) Math.log((float) distance / single) / (float) Math.log((double) farthest / single);
    return Math.min(buckets - 1, single + (int) (part * (buckets - single)));
  }

  /** The bucket of each query and token, query by query. */
  private long[] table() {
    long[] table = new long[tokens * tokens];
    for (int query = 0; query < tokens; query++) {
      for (int token = 0; token < tokens; token++) {
        table[query * tokens + token] = bucket(query - token);
      }
    }
    return table;
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Normal(0.02), buckets, heads);
    inner.declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value each = Ops.select(pass.parameter("weight"), 0, Value.of(table(), tokens * tokens));
    Value bias = Ops.permute(Ops.reshape(each, tokens, tokens, heads), 2, 0, 1);
    return inner.forward(pass.with(Attention.SCORE_BIAS, bias), input);
  }

  @Override
  public String emit(Emission graph, String input) {
    String table = graph.table("buckets", table(), tokens, tokens);
    String each =
        graph.node(
            "Gather",
            "each_bias",
            List.of(graph.weight("weight"), table),
            OnnxAttribute.number("axis", 0));
    String bias =
        graph.node("Transpose", "bias", List.of(each), OnnxAttribute.numbers("perm", 2, 0, 1));
    return inner.emit(graph.with(Attention.SCORE_BIAS, bias), input);
  }

  @Override
  public String describe() {
    return "relative positions of "
        + tokens
        + " tokens in "
        + buckets
        + " steps for "
        + inner.describe();
  }
}
