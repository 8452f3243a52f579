package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * In training whole channels (axis 1) of a row are zero with a probability, the others scaled up to
 * keep the mean; in evaluation nothing. {@code [batch, channels, ...]}.
 *
 * @param rate probability in [0, 1)
 */
public record ChannelDropout(double rate) implements Layer {
  /** Checks the rate. */
  public ChannelDropout {
    Check.argument(
        rate >= 0 && rate < 1, "channel dropout: expected a rate in [0, 1), found %s", rate);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return pass.mode() == Mode.TRAINING && rate > 0
        ? Neural.channelDropout(input, rate, pass.random())
        : input;
  }

  @Override
  public String emit(Emission graph, String input) {
    return input;
  }

  @Override
  public String describe() {
    return "channel dropout " + rate;
  }
}
