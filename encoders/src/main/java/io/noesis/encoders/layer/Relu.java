package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** x where positive, else 0. */
public record Relu() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.relu(input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Relu", "out", List.of(input));
  }

  @Override
  public String describe() {
    return "ReLU";
  }
}
