package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers that are linear in one token each, those of the first token in front: {@code [batch,
 * tokens, width]} → {@code [batch, numbers]}; {@code weight [numbers, width]}, {@code bias
 * [numbers]}, as one linear map would have them.
 *
 * @param counts how many numbers each token gives
 * @param width of a token
 */
public record TokenReadout(List<Integer> counts, int width) implements Layer {
  /** Checks the counts. */
  public TokenReadout {
    counts = List.copyOf(counts);
    Check.argument(
        !counts.isEmpty() && counts.stream().allMatch(count -> count > 0) && width > 0,
        "reading tokens out: expected at least one number of each and a width of at least 1, found"
            + " %s and %d",
        counts,
        width);
  }

  private int numbers() {
    return counts.stream().reduce(0, Math::addExact);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter("weight", Initial.fanIn(width), numbers(), width);
    parameters.parameter("bias", Initial.fanIn(width), numbers());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value weight = pass.parameter("weight");
    Value bias = pass.parameter("bias");
    Value[] parts = new Value[counts.size()];
    int start = 0;
    for (int t = 0; t < parts.length; t++) {
      int count = counts.get(t);
      Value token = Ops.reshape(Ops.narrow(input, 1, t, 1), input.dim(0), width);
      parts[t] =
          Neural.linear(
              token, Ops.narrow(weight, 0, start, count), Ops.narrow(bias, 0, start, count));
      start += count;
    }
    return Ops.concatenate(1, parts);
  }

  @Override
  public String emit(Emission graph, String input) {
    String flat = graph.constant("flat", 0, width);
    float[] weight = graph.numbers("weight").array();
    float[] bias = graph.numbers("bias").array();
    List<String> tokens =
        counts.size() == 1 ? List.of(input) : graph.split("token", input, 1, counts.size());
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int t = 0; t < counts.size(); t++) {
      int end = start + counts.get(t);
      Tensor own =
          Tensor.wrap(Arrays.copyOfRange(weight, start * width, end * width), end - start, width);
      Tensor shift = Tensor.wrap(Arrays.copyOfRange(bias, start, end), end - start);
      parts.add(
          graph.node(
              "Gemm",
              "part" + t,
              List.of(
                  graph.node("Reshape", "row" + t, List.of(tokens.get(t), flat)),
                  graph.constant("weight" + t, own),
                  graph.constant("bias" + t, shift)),
              OnnxAttribute.number("transB", 1)));
      start = end;
    }
    return graph.node("Concat", "out", parts, OnnxAttribute.number("axis", 1));
  }

  @Override
  public String describe() {
    return numbers() + " numbers, each linear in one of " + counts.size() + " tokens";
  }
}
