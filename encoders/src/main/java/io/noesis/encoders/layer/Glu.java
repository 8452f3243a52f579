package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import java.util.List;

/**
 * The first half of an axis times the sigmoid of the second half (Dauphin et al. 2017,
 * arXiv:1612.08083); the axis halves.
 *
 * @param axis of even size; negative counts from the end
 */
public record Glu(int axis) implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.glu(input, axis);
  }

  @Override
  public String emit(Emission graph, String input) {
    List<String> halves = graph.split("half", input, axis, 2);
    String gate = graph.node("Sigmoid", "gate", List.of(halves.get(1)));
    return graph.node("Mul", "out", List.of(halves.get(0), gate));
  }

  @Override
  public String describe() {
    return "GLU over axis " + axis;
  }
}
