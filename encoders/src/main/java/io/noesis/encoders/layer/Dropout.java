package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * In training each element is zero with a probability, else scaled up to keep the mean (Srivastava
 * et al. 2014); in evaluation nothing.
 *
 * @param rate probability in [0, 1)
 */
public record Dropout(double rate) implements Layer {
  /** Checks the rate. */
  public Dropout {
    Check.argument(rate >= 0 && rate < 1, "dropout: expected a rate in [0, 1), found %s", rate);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return pass.mode() == Mode.TRAINING && rate > 0
        ? Neural.dropout(input, rate, pass.random())
        : input;
  }

  @Override
  public String emit(Emission graph, String input) {
    return input;
  }

  @Override
  public String describe() {
    return "dropout " + rate;
  }
}
