package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** 1 / (1 + e⁻ˣ). */
public record Sigmoid() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.sigmoid(input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Sigmoid", "out", List.of(input));
  }

  @Override
  public String describe() {
    return "sigmoid";
  }
}
