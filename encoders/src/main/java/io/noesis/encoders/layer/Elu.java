package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** x where positive, else eˣ − 1 (Clevert et al. 2015, arXiv:1511.07289). */
public record Elu() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.elu(input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Elu", "out", List.of(input));
  }

  @Override
  public String describe() {
    return "ELU";
  }
}
