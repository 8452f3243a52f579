package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * log(max(x, least)), as ShallowFBCSPNet takes it of the pooled power (Schirrmeister et al. 2017,
 * doi:10.1002/hbm.23730).
 *
 * @param least below it the logarithm stays the same; above 0
 */
public record SafeLog(double least) implements Layer {
  /** Checks the bound. */
  public SafeLog {
    Check.argument(least > 0, "safe logarithm: expected a bound above 0, found %s", least);
  }

  /** With the bound 1e-6. */
  public static SafeLog defaults() {
    return new SafeLog(1e-6);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.log(Ops.atLeast(input, least));
  }

  @Override
  public String emit(Emission graph, String input) {
    String bounded =
        graph.node(
            "Max",
            "bounded",
            List.of(input, graph.constant("least", Tensor.wrap(new float[] {(float) least}))));
    return graph.node("Log", "out", List.of(bounded));
  }

  @Override
  public String describe() {
    return "log, of at least " + least;
  }
}
