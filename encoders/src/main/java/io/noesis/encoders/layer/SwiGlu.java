package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * The first half of the last axis times SiLU of the second (Shazeer 2020, arXiv:2002.05202): {@code
 * [..., 2·width]} → {@code [..., width]}.
 *
 * @param width of the output
 */
public record SwiGlu(int width) implements Layer {
  /** Checks the width. */
  public SwiGlu {
    Check.argument(width > 0, "SwiGLU: expected a width of at least 1, found %d", width);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    Value gate = Ops.narrow(input, -1, width, width);
    return Ops.multiply(Ops.narrow(input, -1, 0, width), Neural.silu(gate));
  }

  @Override
  public String emit(Emission graph, String input) {
    List<String> halves = graph.split("half", input, -1, 2);
    String gate = graph.node("Sigmoid", "gate", List.of(halves.get(1)));
    String opened = graph.node("Mul", "opened", List.of(halves.get(1), gate));
    return graph.node("Mul", "out", List.of(halves.get(0), opened));
  }

  @Override
  public String describe() {
    return "SwiGLU " + width;
  }
}
