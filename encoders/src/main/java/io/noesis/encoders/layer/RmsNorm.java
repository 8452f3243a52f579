package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * x / √(mean of x² + ε) · weight over the last axis (Zhang and Sennrich 2019, arXiv:1910.07467):
 * {@code [..., width]} → the same; {@code weight [width]}.
 *
 * @param width size of the last axis
 * @param epsilon ε
 */
public record RmsNorm(int width, double epsilon) implements Layer {
  /** Checks the settings. */
  public RmsNorm {
    Check.argument(
        width > 0 && epsilon > 0,
        "RMS norm: expected a width of at least 1 and an epsilon above 0, found %d, %s",
        width,
        epsilon);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Constant(1), width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value mean = Ops.mean(Ops.square(input), -1);
    Value sized = Ops.divide(input, Ops.sqrt(Ops.add(mean, epsilon)));
    return Ops.multiply(sized, pass.parameter("weight"));
  }

  @Override
  public String emit(Emission graph, String input) {
    String squares = graph.node("Mul", "squares", List.of(input, input));
    String mean =
        graph.node(
            "ReduceMean",
            "mean_square",
            List.of(squares, graph.constant("last", -1)),
            OnnxAttribute.number("keepdims", 1));
    String small = graph.constant("epsilon", Tensor.wrap(new float[] {(float) epsilon}));
    String root =
        graph.node("Sqrt", "root", List.of(graph.node("Add", "sum", List.of(mean, small))));
    String sized = graph.node("Div", "sized", List.of(input, root));
    return graph.node("Mul", "out", List.of(sized, graph.weight("weight")));
  }

  @Override
  public String describe() {
    return "RMS norm " + width;
  }
}
