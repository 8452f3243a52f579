package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * The mean over an axis, which is taken out.
 *
 * @param axis at least 1, or negative from the end: the batch stays
 */
public record MeanOver(int axis) implements Layer {
  /** Checks the axis. */
  public MeanOver {
    Check.argument(axis != 0, "mean over axis %d: rows of a batch are not mixed", axis);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.dropAxis(Ops.mean(input, axis), axis);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node(
        "ReduceMean",
        "out",
        List.of(input, graph.constant("axis", axis)),
        OnnxAttribute.number("keepdims", 0));
  }

  @Override
  public String describe() {
    return "mean over axis " + axis;
  }
}
