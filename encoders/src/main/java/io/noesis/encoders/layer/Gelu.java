package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** x·Φ(x), exactly (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
public record Gelu() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.gelu(input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Gelu", "out", List.of(input));
  }

  @Override
  public String describe() {
    return "GELU";
  }
}
