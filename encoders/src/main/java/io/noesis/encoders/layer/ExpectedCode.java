package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * The mean of codes, weighted by the shares that softmax gives them: {@code [..., codes]} → {@code
 * [..., width]}. The codes, {@value #CODEBOOK}{@code [codes, width]}, are not learned: who trains
 * gives them.
 *
 * @param codes how many
 * @param width of a code
 */
public record ExpectedCode(int codes, int width) implements Layer {
  /** The name of the codes among the statistics. */
  public static final String CODEBOOK = "codebook";

  /** Checks the sizes. */
  public ExpectedCode {
    Check.argument(
        codes > 0 && width > 0,
        "mean of codes: expected sizes of at least 1, found %d codes of width %d",
        codes,
        width);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.statistic(CODEBOOK, new Initial.Normal(1), codes, width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.matmul(Ops.softmax(input, -1), pass.parameter(CODEBOOK));
  }

  @Override
  public String emit(Emission graph, String input) {
    String shares = graph.inner("shares", new Softmax(-1), input);
    return graph.node("MatMul", "out", List.of(shares, graph.weight(CODEBOOK)));
  }

  @Override
  public String describe() {
    return "mean of " + codes + " codes of width " + width + " by their softmax";
  }
}
