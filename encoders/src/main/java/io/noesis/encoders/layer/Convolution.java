package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import java.util.List;

/**
 * A convolution over the last one, two or three axes: {@code [batch, in, ...]} → {@code [batch,
 * out, ...]}; {@code weight [out, in / groups, window]}, {@code bias [out]} as in PyTorch. As many
 * groups as channels make it depthwise.
 *
 * @param in channels of the input
 * @param out channels of the output
 * @param window how it moves
 * @param bias whether a constant is added
 */
public record Convolution(int in, int out, Window window, Bias bias) implements Layer {
  /** Checks that the channels split into the groups. */
  public Convolution {
    Check.argument(
        in > 0 && out > 0 && in % window.groups() == 0 && out % window.groups() == 0,
        "convolution: expected channels that split into the groups, found %d → %d in %d groups",
        in,
        out,
        window.groups());
  }

  @Override
  public void declare(Declaration parameters) {
    int[] sizes = new int[2 + window.axes()];
    sizes[0] = out;
    sizes[1] = in / window.groups();
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

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.convolve(
        input, pass.parameter("weight"), bias == Bias.WITH ? pass.parameter("bias") : null, window);
  }

  @Override
  public String emit(Emission graph, String input) {
    List<String> inputs =
        bias == Bias.WITH
            ? List.of(input, graph.weight("weight"), graph.weight("bias"))
            : List.of(input, graph.weight("weight"));
    return graph.node("Conv", "out", inputs, Windows.convolution(window));
  }

  @Override
  public String describe() {
    return "convolution " + in + " → " + out + " (" + window + ")";
  }
}
