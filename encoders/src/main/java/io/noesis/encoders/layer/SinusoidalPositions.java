package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.Arrays;
import java.util.List;

/**
 * Adds fixed waves to each token by its position p: sin(p / 10000^(2i/w)) and cos(...) (Vaswani et
 * al. 2017, arXiv:1706.03762). On a grid of several axes each has an equal part of the width, the
 * slowest axis first. {@code [batch, tokens, width]} → the same.
 *
 * @param grid tokens along each axis, slowest first
 * @param width of a token, a multiple of the axes
 * @param waves how sines and cosines lie in a token
 */
public record SinusoidalPositions(List<Integer> grid, int width, Waves waves) implements Layer {
  /** How the waves of an axis lie in a token. */
  public enum Waves {
    /** A sine and its cosine in turn, as in the first transformers. */
    IN_TURN,
    /**
     * All sines, then all cosines, as in masked autoencoders (He et al. 2022, arXiv:2111.06377).
     */
    BEHIND_EACH_OTHER
  }

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

  /** Sines and cosines in turn. */
  public SinusoidalPositions(List<Integer> grid, int width) {
    this(grid, width, Waves.IN_TURN);
  }

  /** Of tokens in a row. */
  public static SinusoidalPositions of(int tokens, int width) {
    return new SinusoidalPositions(List.of(tokens), width);
  }

  /** {@code [tokens, width]}, in float64. */
  private Value table() {
    int tokens = grid.stream().reduce(1, Math::multiplyExact);
    int part = width / grid.size();
    int pairs = (part + 1) / 2;
    double[] rates = new double[pairs];
    Arrays.setAll(rates, i -> Math.pow(10000, -2.0 * i / part));
    Value[] parts = new Value[grid.size()];
    int stride = tokens;
    for (int axis = 0; axis < parts.length; axis++) {
      int size = grid.get(axis);
      stride /= size;
      double[] positions = new double[tokens];
      for (int token = 0; token < tokens; token++) {
        positions[token] = token / stride % size;
      }
      Value angles = Ops.multiply(Value.of(positions, tokens, 1, 1), Value.of(rates, 1, pairs, 1));
      int along = waves == Waves.IN_TURN ? 2 : 1;
      Value both = Ops.concatenate(along, Ops.sin(angles), Ops.cos(angles));
      parts[axis] = Ops.narrow(Ops.reshape(both, tokens, 2 * pairs), 1, 0, part);
    }
    return Ops.concatenate(1, parts);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.add(input, table().like(input));
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node(
        "Add", "out", List.of(input, graph.constant("table", Scope.get(() -> table().toTensor()))));
  }

  @Override
  public String describe() {
    return "fixed positions on a grid of " + grid;
  }
}
