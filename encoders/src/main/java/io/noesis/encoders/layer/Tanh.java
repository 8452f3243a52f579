package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** The hyperbolic tangent. */
public record Tanh() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.tanh(input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Tanh", "out", List.of(input));
  }

  @Override
  public String describe() {
    return "tanh";
  }
}
