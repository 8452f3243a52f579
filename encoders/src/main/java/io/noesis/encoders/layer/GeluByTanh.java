package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** GELU as x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))): an approximation that some weights expect. */
public record GeluByTanh() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.geluByTanh(input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("Gelu", "out", List.of(input), OnnxAttribute.word("approximate", "tanh"));
  }

  @Override
  public String describe() {
    return "GELU by tanh";
  }
}
