package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.Elu;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;

/** Steps that several networks for epochs share. */
final class EpochSteps {
  private EpochSteps() {}

  /** Epochs {@code [batch, channels, samples]} as pictures of one colour. */
  static Sequence.Builder picture(int channels, int samples) {
    return Sequence.builder().add("picture", Reshape.to(1, channels, samples));
  }

  /** A convolution along time alone, {@code [1, length]}. */
  static Convolution alongTime(int in, int out, int length, Bias bias) {
    return new Convolution(in, out, Window.of(1, length), bias);
  }

  /** A convolution over all channels at once, {@code [channels, 1]}. */
  static Convolution overChannels(int in, int out, int channels, Bias bias) {
    return new Convolution(in, out, Window.of(channels, 1), bias);
  }

  /** Batch norm and ELU under names that end in a number. */
  static Sequence.Builder normed(Sequence.Builder steps, String number, int width) {
    return steps.add("norm" + number, BatchNorm.of(width)).add("activation" + number, new Elu());
  }

  /** Everything into one vector, and that linearly into an embedding. */
  static Sequence.Builder embedded(Sequence.Builder steps, int features, NetworkSizes sizes) {
    steps.add("flatten", new Flatten()).add("out", Linear.of(features, sizes.dim()));
    return shaped(steps, sizes);
  }

  /** A vector as the tokens of the targets, where they have several. */
  static Sequence.Builder shaped(Sequence.Builder steps, NetworkSizes sizes) {
    return sizes.target().size() == 1 ? steps : steps.add("tokens", new Reshape(sizes.target()));
  }

  /**
   * How many windows fit.
   *
   * @param architecture asks
   * @param samples length of what they move over
   * @param length of a window
   * @param stride between windows
   * @return at least 1
   * @throws IllegalArgumentException when epochs are too short
   */
  static int windows(String architecture, int samples, int length, int stride) {
    Check.argument(
        samples >= length,
        "%s: its window of %d samples does not fit into the %d that are left; give longer epochs,"
            + " or shorten the network's filters and pools",
        architecture,
        length,
        samples);
    return (samples - length) / stride + 1;
  }
}
