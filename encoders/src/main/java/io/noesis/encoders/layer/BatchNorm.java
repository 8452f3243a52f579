package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.BatchStatistics;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * Each channel normalised over batch and positions, in evaluation by running statistics of the
 * training (Ioffe and Szegedy 2015, arXiv:1502.03167): {@code [batch, channels, ...]} → the same.
 *
 * @param channels size of axis 1
 * @param momentum fraction by which running statistics move to those of a batch
 * @param epsilon added to the variance
 */
public record BatchNorm(int channels, double momentum, double epsilon) implements Layer {
  /** Checks the settings. */
  public BatchNorm {
    Check.argument(
        channels > 0 && momentum > 0 && momentum <= 1 && epsilon > 0,
        "batch norm: expected at least 1 channel, a momentum in (0, 1] and an epsilon above 0,"
            + " found %d, %s, %s",
        channels,
        momentum,
        epsilon);
  }

  /** With PyTorch's momentum of 0.1 and ε of 1e-5. */
  public static BatchNorm of(int channels) {
    return new BatchNorm(channels, 0.1, 1e-5);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Constant(1), channels);
    parameters.parameter("bias", new Initial.Constant(0), channels);
    parameters.statistic("running_mean", new Initial.Constant(0), channels);
    parameters.statistic("running_var", new Initial.Constant(1), channels);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    BatchStatistics statistics =
        new BatchStatistics(
            pass.parameter("weight"),
            pass.parameter("bias"),
            pass.parameter("running_mean"),
            pass.parameter("running_var"));
    // Statistics that are left as they are must also be those that the layer computes with.
    Mode mode = pass.frozen("running_mean") ? Mode.EVALUATION : pass.mode();
    return Neural.batchNorm(input, statistics, momentum, epsilon, mode);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node(
        "BatchNormalization",
        "out",
        List.of(
            input,
            graph.weight("weight"),
            graph.weight("bias"),
            graph.weight("running_mean"),
            graph.weight("running_var")),
        OnnxAttribute.real("epsilon", epsilon));
  }

  @Override
  public String describe() {
    return "batch norm " + channels;
  }
}
