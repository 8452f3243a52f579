package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * A further input put behind the input along an axis; branches of one input are joined by {@link
 * Parallel}.
 *
 * @param further its name
 * @param axis not 0; negative counts from the end
 */
public record Concatenate(String further, int axis) implements Layer {
  /** Checks the axis. */
  public Concatenate {
    Check.argument(axis != 0, "concatenating along axis %d: rows of a batch are not mixed", axis);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.concatenate(axis, input, pass.further(further));
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node(
        "Concat",
        "out",
        List.of(input, graph.further(further)),
        OnnxAttribute.number("axis", axis));
  }

  @Override
  public String describe() {
    return "with '" + further + "' behind it along axis " + axis;
  }
}
