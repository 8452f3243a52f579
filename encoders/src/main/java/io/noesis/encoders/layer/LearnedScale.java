package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * Each element of the last axis multiplied by a learned number: LayerScale (Touvron et al. 2021,
 * arXiv:2103.17239). {@code [..., width]} → the same; {@code weight [width]}.
 *
 * @param width size of the last axis
 * @param initial where the numbers begin
 */
public record LearnedScale(int width, double initial) implements Layer {
  /** Checks the width. */
  public LearnedScale {
    Check.argument(width > 0, "learned scale: expected a width of at least 1, found %d", width);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Constant(initial), width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.multiply(input, pass.parameter("weight"));
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Mul", "out", List.of(input, graph.weight("weight")));
  }

  @Override
  public String describe() {
    return "learned scale of " + width;
  }
}
