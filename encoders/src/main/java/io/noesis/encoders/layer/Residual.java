package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/**
 * x + f(x) (He et al. 2016, doi:10.1109/CVPR.2016.90). The names of f's parameters are its own.
 *
 * @param inner f, whose output has the shape of its input
 */
public record Residual(Layer inner) implements Layer {
  @Override
  public void declare(Declaration parameters) {
    inner.declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.add(input, inner.forward(pass, input));
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Add", "residual", List.of(input, inner.emit(graph, input)));
  }

  @Override
  public String describe() {
    return "x + (" + inner.describe() + ")";
  }
}
