package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Vectors along an axis divided by their length, which counts as at least 1e-12.
 *
 * @param axis negative counts from the end
 */
public record L2Normalize(int axis) implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.normalize(input, axis);
  }

  @Override
  public String emit(Emission graph, String input) {
    String length = graph.node("ReduceL2", "length", List.of(input, graph.constant("axis", axis)));
    String least = graph.constant("least", Tensor.wrap(new float[] {1e-12f}));
    String bounded = graph.node("Max", "bounded", List.of(length, least));
    return graph.node("Div", "out", List.of(input, bounded));
  }

  @Override
  public String describe() {
    return "length 1 along axis " + axis;
  }
}
