package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** x·sigmoid(x) (Elfwing et al. 2018, doi:10.1016/j.neunet.2017.12.012). */
public record Silu() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.silu(input);
  }

  @Override
  public String emit(Emission graph, String input) {
    String gate = graph.node("Sigmoid", "gate", List.of(input));
    return graph.node("Mul", "out", List.of(input, gate));
  }

  @Override
  public String describe() {
    return "SiLU";
  }
}
