package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * Adds a learned vector to each token by its position: {@code [batch, tokens, width]} → the same;
 * {@code weight [tokens, width]}, first drawn from a normal distribution of sd 0.02.
 *
 * @param tokens how many
 * @param width of each
 */
public record PositionEmbedding(int tokens, int width) implements Layer {
  /** Checks the sizes. */
  public PositionEmbedding {
    Check.argument(
        tokens > 0 && width > 0,
        "position embedding: expected sizes of at least 1, found %d tokens of width %d",
        tokens,
        width);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Normal(0.02), tokens, width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.add(input, pass.parameter("weight"));
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Add", "out", List.of(input, graph.weight("weight")));
  }

  @Override
  public String describe() {
    return "learned positions of " + tokens + " tokens";
  }
}
