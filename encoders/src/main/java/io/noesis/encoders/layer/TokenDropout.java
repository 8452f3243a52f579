package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * In training only some tokens of each row go on, drawn at random and kept in their order, so that
 * what follows has less to compute (Li et al. 2023, arXiv:2212.00794); in evaluation all. {@code
 * [batch, tokens, width]} → {@code [batch, kept, width]}.
 *
 * @param rate fraction left out, in [0, 1); at least one token stays
 * @param first so many tokens in front are never left out
 */
public record TokenDropout(double rate, int first) implements Layer {
  /** Checks the numbers. */
  public TokenDropout {
    Check.argument(
        rate >= 0 && rate < 1 && first >= 0,
        "leaving out tokens: expected a rate in [0, 1) and at least 0 tokens that stay, found %s"
            + " and %d",
        rate,
        first);
  }

  /** Numbers of the tokens of each row, shuffled. */
  static Value order(Pass pass, Value tokens) {
    Value draws = Ops.uniform(pass.random(), 0, 1, tokens.dim(0), tokens.dim(1));
    return Indices.order(draws, 1);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    if (pass.mode() == Mode.EVALUATION || rate == 0) {
      return input;
    }
    Value rest = Ops.narrow(input, 1, first, input.dim(1) - first);
    int kept = Math.toIntExact(Math.max(1, Math.round((1 - rate) * rest.dim(1))));
    Value chosen = Indices.sorted(Ops.narrow(order(pass, rest), 1, 0, kept), 1);
    return Ops.concatenate(1, Ops.narrow(input, 1, 0, first), Indices.take(rest, chosen));
  }

  @Override
  public String emit(Emission graph, String input) {
    return input;
  }

  @Override
  public String describe() {
    return rate + " of the tokens left out" + (first == 0 ? "" : ", not the first " + first);
  }
}
