package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Attention of tokens to each other in which all heads share keys and values (Shazeer 2019,
 * arXiv:1911.02150), queries and keys are turned by their place (rotary positions, Su et al. 2021,
 * arXiv:2104.09864) and compared by their cosine times a scale; one learned key and value stand
 * before the others. A score that depends on both places is the further input {@value #BIAS} {@code
 * [heads, tokens, tokens + 1]}. {@code [batch, tokens, width]} → the same.
 *
 * @param tokens how many
 * @param width of a token
 * @param heads how many
 * @param headWidth of each head
 * @param scale by which cosines are multiplied
 */
public record RotaryAttention(int tokens, int width, int heads, int headWidth, double scale)
    implements Layer {
  /** Name of the further input that is added to scores. */
  public static final String BIAS = "score_bias";

  /** Numbers of a head that are turned, in pairs. */
  private static final int TURNED = 32;

  private static final String NOBODY = "nobody";

  /** Checks the sizes. */
  public RotaryAttention {
    Check.argument(
        tokens > 0 && width > 0 && heads > 0 && headWidth > 0 && headWidth % 2 == 0 && scale > 0,
        "attention with turned keys: expected sizes of at least 1, an even width of a head and a"
            + " scale above 0, found %d tokens of %d, %d heads of %d, %s",
        tokens,
        width,
        heads,
        headWidth,
        scale);
  }

  private Layer query() {
    return new Linear(width, heads * headWidth, Bias.WITHOUT);
  }

  private Layer shared() {
    return new Linear(width, 2 * headWidth, Bias.WITHOUT);
  }

  private Layer out() {
    return Sequence.builder()
        .add("linear", new Linear(heads * headWidth, width, Bias.WITHOUT))
        .add("norm", new LayerNorm(width, 1e-5, Bias.WITHOUT))
        .build();
  }

  /** Cosines, or sines, of the angle by which each number of a token is turned. */
  private Tensor turn(boolean cosines) {
    int turned = Math.min(TURNED, headWidth);
    float[] table = new float[tokens * headWidth];
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < headWidth; i++) {
        double angle = i < turned ? token * Math.pow(10_000, -(double) (i / 2 * 2) / turned) : 0;
        table[token * headWidth + i] = (float) (cosines ? Math.cos(angle) : Math.sin(angle));
      }
    }
    return Tensor.wrap(table, tokens, headWidth);
  }

  /** (x, y) to (−y, x) for each pair. */
  private Tensor quarter() {
    float[] matrix = new float[headWidth * headWidth];
    for (int i = 0; i + 1 < headWidth; i += 2) {
      matrix[(i + 1) * headWidth + i] = -1;
      matrix[i * headWidth + i + 1] = 1;
    }
    return Tensor.wrap(matrix, headWidth, headWidth);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.parameter(NOBODY, new Initial.Normal(1), 2, headWidth);
    parameters.inner("query", query());
    parameters.inner("shared", shared());
    parameters.inner("out", out());
  }

  private Value turned(Value x) {
    Value sideways = Ops.matmul(x, Value.of(quarter()).like(x));
    return Ops.add(
        Ops.multiply(x, Value.of(turn(true)).like(x)),
        Ops.multiply(sideways, Value.of(turn(false)).like(x)));
  }

  @Override
  public Value forward(Pass pass, Value input) {
    int rows = input.dim(0);
    Value query = Ops.reshape(pass.inner("query", query(), input), rows, tokens, heads, headWidth);
    Value shared = pass.inner("shared", shared(), input);
    Value nobody = pass.parameter(NOBODY);
    Value key =
        before(rows, Ops.narrow(nobody, 0, 0, 1), turned(Ops.narrow(shared, 2, 0, headWidth)));
    Value value =
        before(rows, Ops.narrow(nobody, 0, 1, 1), Ops.narrow(shared, 2, headWidth, headWidth));
    Value turned = Ops.normalize(turned(Ops.transpose(query, 1, 2)), 3);
    Value keys = Ops.transpose(Ops.addAxis(Ops.normalize(key, 2), 1), 2, 3);
    Value scores = Ops.multiply(Ops.matmul(turned, keys), scale);
    Value shares = Ops.softmax(Ops.add(scores, pass.further(BIAS)), 3);
    Value mixed = Ops.transpose(Ops.matmul(shares, Ops.addAxis(value, 1)), 1, 2);
    return pass.inner("out", out(), Ops.reshape(mixed, rows, tokens, heads * headWidth));
  }

  private Value before(int rows, Value first, Value others) {
    return Ops.concatenate(1, Ops.expand(first, rows, 1, headWidth), others);
  }

  @Override
  public String emit(Emission graph, String input) {
    String sizes = graph.constant("sizes", 0, 0, heads, headWidth);
    String flat = graph.inner("query", query(), input);
    String split = graph.node("Reshape", "split", List.of(flat, sizes));
    String queries =
        graph.node(
            "Transpose", "queries", List.of(split), OnnxAttribute.numbers("perm", 0, 2, 1, 3));
    List<String> shared = graph.split("shared_half", graph.inner("shared", shared(), input), -1, 2);
    Tensor nobody = graph.numbers(NOBODY);
    String key = before(graph, "key", 0, nobody, input, turned(graph, "key", shared.get(0)));
    String value = before(graph, "value", 1, nobody, input, shared.get(1));
    String turned = unit(graph, "query", turned(graph, "query", queries));
    String keys =
        graph.node(
            "Transpose",
            "keys",
            List.of(unit(graph, "key", key)),
            OnnxAttribute.numbers("perm", 0, 1, 3, 2));
    String cosines = graph.node("MatMul", "cosines", List.of(turned, keys));
    String factor = graph.constant("factor", Tensor.wrap(new float[] {(float) scale}));
    String scores = graph.node("Mul", "scores", List.of(cosines, factor));
    String biased = graph.node("Add", "biased", List.of(scores, graph.further(BIAS)));
    String shares =
        graph.node("Softmax", "shares", List.of(biased), OnnxAttribute.number("axis", -1));
    String mixed = graph.node("MatMul", "mixed", List.of(shares, value));
    String back =
        graph.node("Transpose", "back", List.of(mixed), OnnxAttribute.numbers("perm", 0, 2, 1, 3));
    String whole = graph.constant("whole", 0, 0, (long) heads * headWidth);
    return graph.inner("out", out(), graph.node("Reshape", "joined", List.of(back, whole)));
  }

  private String turned(Emission graph, String name, String x) {
    String quarter = graph.constant(name + "_quarter", quarter());
    String sideways = graph.node("MatMul", name + "_sideways", List.of(x, quarter));
    String straight =
        graph.node("Mul", name + "_along", List.of(x, graph.constant(name + "_cos", turn(true))));
    String across =
        graph.node(
            "Mul", name + "_across", List.of(sideways, graph.constant(name + "_sin", turn(false))));
    return graph.node("Add", name + "_turned", List.of(straight, across));
  }

  /** {@code [batch, 1, tokens + 1, headWidth]}. */
  private String before(
      Emission graph, String name, int which, Tensor nobody, String like, String others) {
    String one = graph.constant(name + "_nobody", nobody.rows(new int[] {which}));
    String first = graph.forEachRow(name + "_first", one, like, 1, headWidth);
    String all =
        graph.node(
            "Concat", name + "_all", List.of(first, others), OnnxAttribute.number("axis", 1));
    return graph.node(
        "Unsqueeze", name + "_heads", List.of(all, graph.constant(name + "_axis", 1)));
  }

  private static String unit(Emission graph, String name, String x) {
    return graph.inner(name + "_unit", new L2Normalize(-1), x);
  }

  @Override
  public String describe() {
    return "attention of " + tokens + " turned tokens in " + heads + " heads of " + headWidth;
  }
}
