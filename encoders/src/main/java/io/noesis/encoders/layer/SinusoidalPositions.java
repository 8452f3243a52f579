package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Adds fixed waves to each token by its position p: sin(p / 10000^(2i/w)) and cos(...) in turn
 * (Vaswani et al. 2017, arXiv:1706.03762). On a grid of several axes each has an equal part of the
 * width, the slowest axis first. {@code [batch, tokens, width]} → the same.
 *
 * @param grid tokens along each axis, slowest first
 * @param width of a token, a multiple of the axes
 */
public record SinusoidalPositions(List<Integer> grid, int width) implements Layer {
  /** Checks the sizes. */
  public SinusoidalPositions {
    grid = List.copyOf(grid);
    Check.argument(
        !grid.isEmpty()
            && grid.stream().allMatch(size -> size > 0)
            && width > 0
            && width % grid.size() == 0,
        "fixed positions: expected a grid of sizes of at least 1 and a width that splits over its"
            + " axes, found %s and %d",
        grid,
        width);
  }

  /** Of tokens in a row. */
  public static SinusoidalPositions of(int tokens, int width) {
    return new SinusoidalPositions(List.of(tokens), width);
  }

  /** {@code [tokens, width]}. */
  Tensor table() {
    int tokens = grid.stream().reduce(1, Math::multiplyExact);
    int part = width / grid.size();
    float[] table = new float[Math.multiplyExact(tokens, width)];
    for (int token = 0; token < tokens; token++) {
      int rest = token;
      for (int axis = grid.size() - 1; axis >= 0; axis--) {
        int position = rest % grid.get(axis);
        rest /= grid.get(axis);
        for (int i = 0; i < part; i++) {
          double angle = position / Math.pow(10000, (i - i % 2) / (double) part);
          table[token * width + axis * part + i] =
              (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        }
      }
    }
    return Tensor.wrap(table, tokens, width);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.add(input, Value.of(table()).like(input));
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Add", "out", List.of(input, graph.constant("table", table())));
  }

  @Override
  public String describe() {
    return "fixed positions on a grid of " + grid;
  }
}
