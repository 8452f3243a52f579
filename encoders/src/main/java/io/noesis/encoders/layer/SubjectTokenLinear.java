package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * {@link TokenLinear} with weights of each subject's own (the further input {@link
 * SubjectLinear#SUBJECT}; −1 gets the mean of all). Each row stands between zeros where the weights
 * of its subject are when those of all lie behind each other, so that no row needs a copy of them.
 * {@code [batch, tokens, in]} → {@code [batch, tokens, out]}; {@code weight [subjects, tokens, in,
 * out]}, {@code bias [subjects, tokens, out]}.
 *
 * @param subjects how many were trained
 * @param tokens how many
 * @param in width of the input
 * @param out width of the output
 */
public record SubjectTokenLinear(int subjects, int tokens, int in, int out) implements Layer {
  private static final OnnxAttribute TOKENS_FIRST = OnnxAttribute.numbers("perm", 1, 0, 2);

  /** Checks the sizes. */
  public SubjectTokenLinear {
    Check.argument(
        subjects > 0 && tokens > 0 && in > 0 && out > 0,
        "linear layer per subject and token: expected sizes of at least 1, found %d subjects, %d"
            + " tokens, %d, %d",
        subjects,
        tokens,
        in,
        out);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.ofSubjects("weight", Initial.fanIn(in), subjects, tokens, in, out);
    parameters.ofSubjects("bias", Initial.fanIn(in), subjects, tokens, out);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    int batch = input.dim(0);
    Value weight = Ops.permute(pass.parameter("weight"), 1, 0, 2, 3);
    Value all = Ops.reshape(weight, tokens, subjects * in, out);
    Value bias = Ops.reshape(pass.parameter("bias"), subjects, tokens * out);
    if (subjects == 1) {
      return sum(input, all, Ops.reshape(bias, 1, tokens, out));
    }
    Value share = Value.of(SubjectLinear.shares(subjects)).like(input);
    Value subject = Ops.indexFromEnd(pass.further(SubjectLinear.SUBJECT), subjects + 1);
    Value own = Ops.select(share, 0, subject);
    Value placed = Ops.multiply(Ops.addAxis(input, 2), Ops.reshape(own, batch, 1, subjects, 1));
    return sum(
        Ops.reshape(placed, batch, tokens, subjects * in),
        all,
        Ops.reshape(Ops.matmul(own, bias), batch, tokens, out));
  }

  private static Value sum(Value rows, Value weight, Value bias) {
    Value product = Ops.matmul(Ops.transpose(rows, 0, 1), weight);
    return Ops.add(Ops.transpose(product, 0, 1), bias);
  }

  @Override
  public String emit(Emission graph, String input) {
    Tensor all = tokensFirst(graph.numbers("weight"));
    if (subjects == 1) {
      String bias = graph.constant("biases", graph.numbers("bias").reshape(tokens, out));
      return emitSum(graph, input, all, bias);
    }
    String share = graph.constant("share", SubjectLinear.shares(subjects));
    // ONNX counts negative indices from the end.
    String own = graph.node("Gather", "own", List.of(share, graph.further(SubjectLinear.SUBJECT)));
    String column =
        graph.node(
            "Reshape", "column", List.of(own, graph.constant("column_sizes", 0, 1, subjects, 1)));
    String apart = graph.node("Unsqueeze", "apart", List.of(input, graph.constant("middle", 2)));
    String placed = graph.node("Mul", "placed", List.of(column, apart));
    String sizes = graph.constant("sizes", 0, tokens, (long) subjects * in);
    String wide = graph.node("Reshape", "wide", List.of(placed, sizes));
    String biases = graph.constant("biases", graph.numbers("bias").reshape(subjects, tokens * out));
    String shift = graph.node("MatMul", "shift", List.of(own, biases));
    String bias =
        graph.node(
            "Reshape", "own_bias", List.of(shift, graph.constant("bias_sizes", 0, tokens, out)));
    return emitSum(graph, wide, all, bias);
  }

  private static String emitSum(Emission graph, String rows, Tensor weight, String bias) {
    String first = graph.node("Transpose", "tokens_first", List.of(rows), TOKENS_FIRST);
    String product =
        graph.node("MatMul", "product", List.of(first, graph.constant("weights", weight)));
    String back = graph.node("Transpose", "back", List.of(product), TOKENS_FIRST);
    return graph.node("Add", "out", List.of(back, bias));
  }

  /** {@code [tokens, subjects·in, out]}. */
  private Tensor tokensFirst(Tensor weight) {
    int block = in * out;
    float[] moved = new float[weight.size()];
    for (int s = 0; s < subjects; s++) {
      for (int t = 0; t < tokens; t++) {
        System.arraycopy(
            weight.array(), (s * tokens + t) * block, moved, (t * subjects + s) * block, block);
      }
    }
    return Tensor.wrap(moved, tokens, subjects * in, out);
  }

  @Override
  public String describe() {
    return "linear "
        + in
        + " → "
        + out
        + " for each of "
        + tokens
        + " tokens of "
        + subjects
        + " subjects";
  }
}
