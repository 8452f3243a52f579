package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.Arrays;

/**
 * An embedder e whose training also adds, with a builder b back to responses, two terms to the loss
 * (MindBridge, arXiv:2404.07850): the reconstruction ‖b(e(x)) − x‖² as the row's own subject, and
 * the cycle ‖e(b(e(x))) − e(x)‖² as another subject, drawn for each batch; with one subject as
 * itself. Both are means over elements.
 *
 * @param embed {@code [batch, in]} → {@code [batch, out]}
 * @param build back
 * @param subjects how many
 * @param reconstruction weight of that term; 0 for without
 * @param cycle weight of that term; 0 for without
 */
public record Cycle(Layer embed, Layer build, int subjects, double reconstruction, double cycle)
    implements Layer {
  @Override
  public void declare(Declaration parameters) {
    parameters.inner("embed", embed);
    if (reconstruction > 0 || cycle > 0) {
      parameters.inner("build", build);
    }
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value embedded = pass.inner("embed", embed, input);
    if (pass.mode() == Mode.EVALUATION) {
      return embedded;
    }
    if (reconstruction > 0) {
      Value rebuilt = pass.inner("build", build, embedded);
      pass.term("reconstruction", weighted(reconstruction, rebuilt, input));
    }
    if (cycle > 0) {
      Pass other = pass.with(SubjectLinear.SUBJECT, others(pass));
      Value again = other.inner("embed", embed, other.inner("build", build, embedded));
      pass.term("cycle", weighted(cycle, again, embedded));
    }
    return embedded;
  }

  private static Value weighted(double weight, Value a, Value b) {
    return Ops.multiply(Ops.mean(Ops.square(Ops.subtract(a, b))), weight);
  }

  /** Each row's subject moved on by the same number. */
  private Value others(Pass pass) {
    Value own = pass.further(SubjectLinear.SUBJECT);
    if (subjects == 1) {
      return own;
    }
    int by = 1 + (int) Ops.uniform(pass.random(), 0, subjects - 1, 1).item();
    long[] moved =
        Arrays.stream(own.toDoubles())
            .mapToLong(subject -> subject < 0 ? -1 : ((long) subject + by) % subjects)
            .toArray();
    return Value.of(moved, moved.length);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.inner("embed", embed, input);
  }

  @Override
  public String describe() {
    return embed.describe();
  }
}
