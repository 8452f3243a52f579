package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * x·Wᵀ + b over the last axis: {@code [..., in]} → {@code [..., out]}; {@code weight [out, in]},
 * {@code bias [out]} as in PyTorch.
 *
 * @param in width of the input
 * @param out width of the output
 * @param bias whether b is there
 */
public record Linear(int in, int out, Bias bias) implements Layer {
  /** Checks the widths. */
  public Linear {
    Check.argument(
        in > 0 && out > 0, "linear layer: expected widths of at least 1, found %d, %d", in, out);
  }

  /** With bias. */
  public static Linear of(int in, int out) {
    return new Linear(in, out, Bias.WITH);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", Initial.fanIn(in), out, in);
    if (bias == Bias.WITH) {
      parameters.parameter("bias", Initial.fanIn(in), out);
    }
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.linear(
        input, pass.parameter("weight"), bias == Bias.WITH ? pass.parameter("bias") : null);
  }

  @Override
  public String emit(Emission graph, String input) {
    // MatMul serves every rank; ONNX Runtime fuses it with the addition.
    String weight =
        graph.node(
            "Transpose",
            "transposed",
            List.of(graph.weight("weight")),
            OnnxAttribute.numbers("perm", 1, 0));
    String product = graph.node("MatMul", "product", List.of(input, weight));
    return bias == Bias.WITH
        ? graph.node("Add", "sum", List.of(product, graph.weight("bias")))
        : product;
  }

  @Override
  public String describe() {
    return "linear " + in + " → " + out + (bias == Bias.WITH ? "" : " without bias");
  }
}
