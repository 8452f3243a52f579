package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Each element repeated along the last axes (nearest neighbour): {@code [batch, channels, h, w]} →
 * {@code [batch, channels, factor·h, factor·w]}. The transpose of a convolution with ones, which
 * every runtime has.
 *
 * @param channels of the input
 * @param axes how many are lengthened: 1, 2 or 3
 * @param factor how often
 */
public record Upsample(int channels, int axes, int factor) implements Layer {
  /** Checks the sizes. */
  public Upsample {
    Check.argument(
        channels > 0 && axes >= 1 && axes <= 3 && factor > 0,
        "repeating elements: expected channels and a factor of at least 1 and 1 to 3 axes, found"
            + " %d, %d and %d",
        channels,
        factor,
        axes);
  }

  private int[] each(int number) {
    int[] all = new int[axes];
    Arrays.fill(all, number);
    return all;
  }

  private Window window() {
    return Window.of(each(factor)).withStride(each(factor)).withGroups(channels);
  }

  private Tensor ones() {
    int[] sizes = new int[2 + axes];
    Arrays.fill(sizes, factor);
    sizes[0] = channels;
    sizes[1] = 1;
    return Tensor.zeros(sizes).map(zero -> 1);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.convolveTransposed(input, Value.of(ones()).like(input), null, window(), each(0));
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node(
        "ConvTranspose",
        "out",
        List.of(input, graph.constant("ones", ones())),
        Windows.transposed(window(), OnnxAttribute.numbers("output_padding", each(0))));
  }

  @Override
  public String describe() {
    return "each element " + factor + " times along " + axes + " axes";
  }
}
