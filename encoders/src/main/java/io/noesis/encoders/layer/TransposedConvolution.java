package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import java.util.Arrays;
import java.util.List;

/**
 * The transpose of a convolution, which lengthens by its stride: {@code [batch, in, ...]} → {@code
 * [batch, out, ...]} of length (n − 1)·stride − 2·padding + dilation·(size − 1) + 1 + more; {@code
 * weight [in, out / groups, window]}, {@code bias [out]} as in PyTorch.
 *
 * @param in channels of the input
 * @param out channels of the output
 * @param window how it moves
 * @param more elements added at the end of each axis, fewer than the stride or the dilation
 * @param bias whether a constant is added
 */
public record TransposedConvolution(int in, int out, Window window, int more, Bias bias)
    implements Layer {
  /** Checks that the channels split into the groups. */
  public TransposedConvolution {
    Check.argument(
        in > 0 && out > 0 && more >= 0 && in % window.groups() == 0 && out % window.groups() == 0,
        "transposed convolution: expected channels that split into the groups and at least 0"
            + " elements more, found %d → %d in %d groups, %d more",
        in,
        out,
        window.groups(),
        more);
  }

  @Override
  public void declare(Declaration parameters) {
    int[] sizes = new int[2 + window.axes()];
    sizes[0] = in;
    sizes[1] = out / window.groups();
    int inputs = sizes[1];
    for (int i = 0; i < window.axes(); i++) {
      sizes[2 + i] = window.size()[i];
      inputs *= sizes[2 + i];
    }
    parameters.parameter("weight", Initial.fanIn(inputs), sizes);
    if (bias == Bias.WITH) {
      parameters.parameter("bias", Initial.fanIn(inputs), out);
    }
  }

  private int[] added() {
    int[] added = new int[window.axes()];
    Arrays.fill(added, more);
    return added;
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value constant = bias == Bias.WITH ? pass.parameter("bias") : null;
    return Neural.convolveTransposed(input, pass.parameter("weight"), constant, window, added());
  }

  @Override
  public String emit(Emission graph, String input) {
    List<String> inputs =
        bias == Bias.WITH
            ? List.of(input, graph.weight("weight"), graph.weight("bias"))
            : List.of(input, graph.weight("weight"));
    return graph.node(
        "ConvTranspose",
        "out",
        inputs,
        Windows.transposed(window, OnnxAttribute.numbers("output_padding", added())));
  }

  @Override
  public String describe() {
    return "transposed convolution " + in + " → " + out + " (" + window + ")";
  }
}
