package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Adds to each token a learned vector from a table that has more of them: positions, or times, of
 * which longer rows of tokens would use more. {@code [batch, tokens, width]} → the same; {@code
 * weight [count, width]}, first drawn from a normal distribution.
 *
 * @param count vectors in the table
 * @param rows number of the vector of each token
 * @param width of a token
 * @param sd of the first values
 */
public record TablePositions(int count, List<Integer> rows, int width, double sd) implements Layer {
  /** Checks the numbers. */
  public TablePositions {
    rows = List.copyOf(rows);
    Check.argument(
        !rows.isEmpty()
            && rows.stream().allMatch(row -> row >= 0 && row < count)
            && width > 0
            && sd > 0,
        "positions from a table: expected numbers of its %d vectors and a width of at least 1, found"
            + " %s and %d",
        count,
        rows,
        width);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Normal(sd), count, width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value numbers = Value.of(rows.stream().mapToLong(row -> row).toArray(), rows.size());
    return Ops.add(input, Ops.select(pass.parameter("weight"), 0, numbers));
  }

  @Override
  public String emit(Emission graph, String input) {
    Tensor own = graph.numbers("weight").rows(rows.stream().mapToInt(row -> row).toArray());
    return graph.node("Add", "out", List.of(input, graph.constant("weight", own)));
  }

  @Override
  public String describe() {
    return rows.size() + " positions from a table of " + count;
  }
}
