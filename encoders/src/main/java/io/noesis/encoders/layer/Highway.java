package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/**
 * x + g(x) · (f(x) − x), where g is the sigmoid of a gate (Srivastava et al. 2015,
 * arXiv:1505.00387): as much of f as the gate lets through, and the rest of x.
 *
 * @param transform f, whose output has the shape of its input
 * @param gate before its sigmoid; its output can be broadcast to that shape
 */
public record Highway(Layer transform, Layer gate) implements Layer {
  @Override
  public void declare(Declaration parameters) {
    parameters.inner("transform", transform);
    parameters.inner("gate", gate);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value through = Ops.sigmoid(pass.inner("gate", gate, input));
    Value step = Ops.subtract(pass.inner("transform", transform, input), input);
    return Ops.add(input, Ops.multiply(through, step));
  }

  @Override
  public String emit(Emission graph, String input) {
    String through = graph.node("Sigmoid", "through", List.of(graph.inner("gate", gate, input)));
    String step =
        graph.node("Sub", "step", List.of(graph.inner("transform", transform, input), input));
    String gated = graph.node("Mul", "gated", List.of(through, step));
    return graph.node("Add", "out", List.of(input, gated));
  }

  @Override
  public String describe() {
    return "highway of (" + transform.describe() + ") gated by (" + gate.describe() + ")";
  }
}
