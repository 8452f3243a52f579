package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** All axes but the batch in one: {@code [batch, a, b, ...]} → {@code [batch, a·b·...]}. */
public record Flatten() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.reshape(input, input.dim(0), -1);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Flatten", "out", List.of(input), OnnxAttribute.number("axis", 1));
  }

  @Override
  public String describe() {
    return "flattened";
  }
}
