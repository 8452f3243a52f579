package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.Arrays;

/**
 * Hides whose row it is: in training for some rows, drawn at random, and for none later; or always.
 *
 * @param rate fraction of rows, 0 to 1; at 1 always
 * @param inner sees the subject's number, or −1
 */
public record PromptDropout(double rate, Layer inner) implements Layer {
  @Override
  public void declare(Declaration parameters) {
    inner.declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    if (rate < 1 && (rate == 0 || pass.mode() == Mode.EVALUATION)) {
      return inner.forward(pass, input);
    }
    int rows = input.dim(0);
    long[] known = new long[rows];
    Arrays.fill(known, -1);
    if (rate < 1) {
      double[] drawn = Ops.uniform(pass.random(), 0, 1, rows).toDoubles();
      long[] own = pass.further(SubjectLinear.SUBJECT).toLongs();
      Arrays.setAll(known, row -> drawn[row] < rate ? -1 : own[row]);
    }
    return inner.forward(pass.with(SubjectLinear.SUBJECT, Value.of(known, rows)), input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return rate < 1
        ? inner.emit(graph, input)
        : inner.emit(
            graph.with(SubjectLinear.SUBJECT, graph.constant("unknown_subject", -1)), input);
  }

  @Override
  public String describe() {
    return inner.describe() + (rate == 1 ? ", subjects unknown" : "");
  }
}
