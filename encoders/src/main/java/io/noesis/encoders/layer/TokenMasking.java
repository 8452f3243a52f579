package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * In training a learned token takes the place of some tokens of each row, drawn at random (Bao et
 * al. 2022, arXiv:2106.08254); in evaluation nothing. {@code [batch, tokens, width]} → the same;
 * {@code weight [width]}.
 *
 * @param width of a token
 * @param rate fraction of tokens, in (0, 1), rounded to a number of tokens
 */
public record TokenMasking(int width, double rate) implements Layer {
  /** Checks the rate. */
  public TokenMasking {
    Check.argument(
        rate > 0 && rate < 1, "masking tokens: expected a rate in (0, 1), found %s", rate);
  }

  /** {@code [batch, tokens, 1]}: ones for so many tokens of each row, drawn at random. */
  static Value mask(Pass pass, Value tokens, double rate) {
    int count = Math.toIntExact(Math.round(rate * tokens.dim(1)));
    Value rank = Indices.order(TokenDropout.order(pass, tokens), 1);
    return Ops.addAxis(Ops.below(rank.like(tokens), count), 2);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", new Initial.Normal(0.02), width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    if (pass.mode() == Mode.EVALUATION) {
      return input;
    }
    Value masked = mask(pass, input, rate);
    Value step = Ops.subtract(pass.parameter("weight"), input);
    return Ops.add(input, Ops.multiply(masked, step));
  }

  @Override
  public String emit(Emission graph, String input) {
    return input;
  }

  @Override
  public String describe() {
    return "masking of " + rate + " of the tokens";
  }
}
