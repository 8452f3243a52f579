package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** x²: the power of a filtered signal, before pooling and {@link SafeLog}. */
public record Square() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.square(input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Mul", "out", List.of(input, input));
  }

  @Override
  public String describe() {
    return "square";
  }
}
