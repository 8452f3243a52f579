package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.Locale;

/**
 * In training something is zero with a probability, the rest scaled up to keep the mean; in
 * evaluation nothing. Elements (Srivastava et al. 2014), whole channels (Tompson et al. 2015,
 * arXiv:1411.4280), or the whole row of a residual branch, which is stochastic depth (Huang et al.
 * 2016, arXiv:1603.09382).
 *
 * @param rate probability in [0, 1)
 * @param unit what is left out together
 */
public record Dropout(double rate, Unit unit) implements Layer {
  /** What is left out together. */
  public enum Unit {
    /** Each element by itself. */
    ELEMENT,
    /** Each channel (axis 1) of a row. */
    CHANNEL,
    /** Each row of the batch. */
    ROW
  }

  /** Checks the rate. */
  public Dropout {
    Check.argument(rate >= 0 && rate < 1, "dropout: expected a rate in [0, 1), found %s", rate);
  }

  /** Of single elements. */
  public Dropout(double rate) {
    this(rate, Unit.ELEMENT);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    if (pass.mode() == Mode.EVALUATION || rate == 0) {
      return input;
    }
    int sharedFrom =
        switch (unit) {
          case ELEMENT -> input.rank();
          case CHANNEL -> 2;
          case ROW -> 1;
        };
    return Neural.dropout(input, rate, sharedFrom, pass.random());
  }

  @Override
  public String emit(Emission graph, String input) {
    return input;
  }

  @Override
  public String describe() {
    String what = unit == Unit.ELEMENT ? "" : " of " + unit.name().toLowerCase(Locale.ROOT) + "s";
    return "dropout " + rate + what;
  }
}
