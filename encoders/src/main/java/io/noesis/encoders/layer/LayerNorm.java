package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * (x − mean) / √(variance + ε) · weight + bias over the last axis (Ba et al. 2016,
 * arXiv:1607.06450): {@code [..., width]} → the same.
 *
 * @param width size of the last axis
 * @param epsilon ε
 * @param shift whether there is a bias
 */
public record LayerNorm(int width, double epsilon, Bias shift) implements Layer {
  /** Checks the settings. */
  public LayerNorm {
    Check.argument(
        width > 0 && epsilon > 0,
        "layer norm: expected a width of at least 1 and an epsilon above 0, found %d, %s",
        width,
        epsilon);
  }

  /** With a bias. */
  public LayerNorm(int width, double epsilon) {
    this(width, epsilon, Bias.WITH);
  }

  /** With PyTorch's ε of 1e-5. */
  public static LayerNorm of(int width) {
    return new LayerNorm(width, 1e-5);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Constant(1), width);
    if (shift == Bias.WITH) {
      parameters.parameter("bias", new Initial.Constant(0), width);
    }
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value bias =
        shift == Bias.WITH ? pass.parameter("bias") : Value.of(Tensor.zeros(width)).like(input);
    return Neural.layerNorm(input, pass.parameter("weight"), bias, epsilon);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node(
        "LayerNormalization",
        "out",
        shift == Bias.WITH
            ? List.of(input, graph.weight("weight"), graph.weight("bias"))
            : List.of(input, graph.weight("weight")),
        OnnxAttribute.number("axis", -1),
        OnnxAttribute.real("epsilon", epsilon));
  }

  @Override
  public String describe() {
    return "layer norm " + width;
  }
}
