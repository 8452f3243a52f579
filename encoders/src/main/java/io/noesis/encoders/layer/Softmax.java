package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/**
 * eˣ over its sum along an axis.
 *
 * @param axis negative counts from the end
 */
public record Softmax(int axis) implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.softmax(input, axis);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Softmax", "out", List.of(input), OnnxAttribute.number("axis", axis));
  }

  @Override
  public String describe() {
    return "softmax over axis " + axis;
  }
}
