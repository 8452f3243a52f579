package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * Puts learned tokens, the same for each row, before the others (Dosovitskiy et al. 2021,
 * arXiv:2010.11929) or behind them: {@code [batch, tokens, width]} → {@code [batch, count + tokens,
 * width]}; {@code weight [count, width]}, first drawn from a normal distribution of sd 0.02.
 *
 * @param count how many
 * @param width of each
 * @param side where they stand
 */
public record ClassToken(int count, int width, Side side) implements Layer {
  /** Where learned tokens stand. */
  public enum Side {
    /** Before the others. */
    FRONT,
    /** Behind the others, where causal attention sees all of them. */
    BEHIND
  }

  /** Checks the sizes. */
  public ClassToken {
    Check.argument(
        count > 0 && width > 0,
        "learned tokens: expected sizes of at least 1, found %d of width %d",
        count,
        width);
  }

  /** Before the others. */
  public ClassToken(int count, int width) {
    this(count, width, Side.FRONT);
  }

  /** One token, in front. */
  public static ClassToken of(int width) {
    return new ClassToken(1, width);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Normal(0.02), count, width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value tokens = Ops.expand(pass.parameter("weight"), input.dim(0), count, width);
    return side == Side.FRONT
        ? Ops.concatenate(1, tokens, input)
        : Ops.concatenate(1, input, tokens);
  }

  @Override
  public String emit(Emission graph, String input) {
    String tokens = graph.forEachRow("tokens", graph.weight("weight"), input, count, width);
    List<String> both = side == Side.FRONT ? List.of(tokens, input) : List.of(input, tokens);
    return graph.node("Concat", "out", both, OnnxAttribute.number("axis", 1));
  }

  @Override
  public String describe() {
    return count + " learned tokens " + (side == Side.FRONT ? "in front" : "behind");
  }
}
