package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Each group of channels normalised over its channels and positions (Wu and He 2018,
 * arXiv:1803.08494): {@code [batch, channels, ...]} → the same.
 *
 * @param groups how many
 * @param channels size of axis 1, a multiple of the groups
 * @param epsilon added to the variance
 */
public record GroupNorm(int groups, int channels, double epsilon) implements Layer {
  /** Checks the settings. */
  public GroupNorm {
    Check.argument(
        groups > 0 && channels > 0 && channels % groups == 0 && epsilon > 0,
        "group norm: expected channels that split into the groups and an epsilon above 0, found %d"
            + " channels, %d groups, %s",
        channels,
        groups,
        epsilon);
  }

  /** With PyTorch's ε of 1e-5. */
  public static GroupNorm of(int groups, int channels) {
    return new GroupNorm(groups, channels, 1e-5);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Constant(1), channels);
    parameters.parameter("bias", new Initial.Constant(0), channels);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.groupNorm(
        input, groups, pass.parameter("weight"), pass.parameter("bias"), epsilon);
  }

  @Override
  public String emit(Emission graph, String input) {
    // GroupNormalization scales groups, not channels, before operator set 21.
    String shape = graph.node("Shape", "shape", List.of(input));
    String grouped =
        graph.node("Reshape", "grouped", List.of(input, graph.constant("grouping", 0, groups, -1)));
    String unit =
        graph.node(
            "InstanceNormalization",
            "unit",
            List.of(
                grouped,
                graph.constant("ones", Tensor.zeros(groups).map(zero -> 1)),
                graph.constant("zeros", Tensor.zeros(groups))),
            OnnxAttribute.real("epsilon", epsilon));
    String apart = graph.constant("channels", 0, channels, -1);
    String flat = graph.node("Reshape", "flat", List.of(unit, apart));
    String scale = graph.constant("scale", graph.numbers("weight").reshape(channels, 1));
    String shift = graph.constant("shift", graph.numbers("bias").reshape(channels, 1));
    String scaled = graph.node("Mul", "scaled", List.of(flat, scale));
    String shifted = graph.node("Add", "shifted", List.of(scaled, shift));
    return graph.node("Reshape", "out", List.of(shifted, shape));
  }

  @Override
  public String describe() {
    return "group norm " + channels + " in " + groups + " groups";
  }
}
