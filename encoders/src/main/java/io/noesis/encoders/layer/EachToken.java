package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A layer that sees each token by itself, as a row of its own: {@code [batch, tokens, ...in]} →
 * {@code [batch, tokens, width]}, what it gives of a token put into one axis.
 *
 * @param tokens how many
 * @param in axes of one token
 * @param width numbers that the layer makes of one
 * @param inner the layer, whose names it keeps; it asks for no further inputs
 */
public record EachToken(int tokens, List<Integer> in, int width, Layer inner) implements Layer {
  /** Copies and checks. */
  public EachToken {
    in = List.copyOf(in);
    Check.argument(
        tokens > 0 && width > 0 && in.stream().allMatch(size -> size > 0),
        "each token by itself: expected sizes of at least 1, found %d tokens of %s to %d",
        tokens,
        in,
        width);
  }

  @Override
  public void declare(Declaration parameters) {
    inner.declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    int rows = input.dim(0);
    int[] apart =
        IntStream.concat(IntStream.of(rows * tokens), in.stream().mapToInt(i -> i)).toArray();
    Value each = inner.forward(pass, Ops.reshape(input, apart));
    return Ops.reshape(each, rows, tokens, width);
  }

  @Override
  public String emit(Emission graph, String input) {
    long[] apart = LongStream.concat(LongStream.of(-1), in.stream().mapToLong(i -> i)).toArray();
    String each =
        graph.node("Reshape", "apart", List.of(input, graph.constant("apart_sizes", apart)));
    String made = inner.emit(graph, each);
    String sizes = graph.constant("together_sizes", -1, tokens, width);
    return graph.node("Reshape", "together", List.of(made, sizes));
  }

  @Override
  public String describe() {
    return inner.describe() + " of each of " + tokens + " tokens";
  }
}
