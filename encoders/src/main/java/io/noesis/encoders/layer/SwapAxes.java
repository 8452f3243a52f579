package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** {@code [batch, a, b]} → {@code [batch, b, a]}: between channels × time and tokens × width. */
public record SwapAxes() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.transpose(input, 1, 2);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Transpose", "out", List.of(input), Shapes.SWAP_LAST_OF_THREE);
  }

  @Override
  public String describe() {
    return "axes 1 and 2 swapped";
  }
}
