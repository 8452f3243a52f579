package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * A linear map of its own for each token: {@code [batch, tokens, in]} → {@code [batch, tokens,
 * out]}; {@code weight [tokens, in, out]}, {@code bias [tokens, out]}.
 *
 * @param tokens how many
 * @param in width of the input
 * @param out width of the output
 */
public record TokenLinear(int tokens, int in, int out) implements Layer {
  private static final OnnxAttribute TOKENS_FIRST = OnnxAttribute.numbers("perm", 1, 0, 2);

  /** Checks the sizes. */
  public TokenLinear {
    Check.argument(
        tokens > 0 && in > 0 && out > 0,
        "linear layer per token: expected sizes of at least 1, found %d tokens, %d, %d",
        tokens,
        in,
        out);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", Initial.fanIn(in), tokens, in, out);
    parameters.parameter("bias", Initial.fanIn(in), tokens, out);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value product = Ops.matmul(Ops.transpose(input, 0, 1), pass.parameter("weight"));
    return Ops.add(Ops.transpose(product, 0, 1), pass.parameter("bias"));
  }

  @Override
  public String emit(Emission graph, String input) {
    String first = graph.node("Transpose", "tokens_first", List.of(input), TOKENS_FIRST);
    String product = graph.node("MatMul", "product", List.of(first, graph.weight("weight")));
    String back = graph.node("Transpose", "back", List.of(product), TOKENS_FIRST);
    return graph.node("Add", "out", List.of(back, graph.weight("bias")));
  }

  @Override
  public String describe() {
    return "linear " + in + " → " + out + " for each of " + tokens + " tokens";
  }
}
