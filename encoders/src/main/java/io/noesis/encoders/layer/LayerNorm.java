package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * (x − mean) / √(variance + ε) · weight + bias over the last axis (Ba et al. 2016,
 * arXiv:1607.06450): {@code [..., width]} → the same.
 *
 * @param width size of the last axis
 * @param epsilon ε
 */
public record LayerNorm(int width, double epsilon) implements Layer {
  /** Checks the settings. */
  public LayerNorm {
    Check.argument(
        width > 0 && epsilon > 0,
        "layer norm: expected a width of at least 1 and an epsilon above 0, found %d, %s",
        width,
        epsilon);
  }

  /** With PyTorch's ε of 1e-5. */
  public static LayerNorm of(int width) {
    return new LayerNorm(width, 1e-5);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Constant(1), width);
    parameters.parameter("bias", new Initial.Constant(0), width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.layerNorm(input, pass.parameter("weight"), pass.parameter("bias"), epsilon);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node(
        "LayerNormalization",
        "out",
        List.of(input, graph.weight("weight"), graph.weight("bias")),
        OnnxAttribute.number("axis", -1),
        OnnxAttribute.real("epsilon", epsilon));
  }

  @Override
  public String describe() {
    return "layer norm " + width;
  }
}
