package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Multi-head attention: softmax(Q·Kᵀ / √(width / heads))·V, then a linear map (Vaswani et al. 2017,
 * arXiv:1706.03762). Q is made from the input {@code [batch, queries, width]}; K and V from the
 * input itself, or from the further input {@value #CONTEXT} {@code [batch, tokens, contextWidth]}.
 *
 * @param width of the input and output, a multiple of the heads
 * @param heads how many
 * @param source where K and V come from
 * @param contextWidth width of that source; the width itself when it is the input
 */
public record Attention(int width, int heads, Source source, int contextWidth) implements Layer {
  /** Name of the further input to look at. */
  public static final String CONTEXT = "context";

  private static final OnnxAttribute HEADS_FIRST = OnnxAttribute.numbers("perm", 0, 2, 1, 3);
  private static final OnnxAttribute KEYS_LAST = OnnxAttribute.numbers("perm", 0, 2, 3, 1);

  /** Where keys and values come from. */
  public enum Source {
    /** The input. */
    INPUT,
    /** The further input {@value Attention#CONTEXT}. */
    CONTEXT
  }

  /** Checks that the width splits into the heads. */
  public Attention {
    Check.argument(
        heads > 0 && width > 0 && width % heads == 0 && contextWidth > 0,
        "attention: expected a width that splits into the heads, found %d in %d heads, context %d",
        width,
        heads,
        contextWidth);
    Check.argument(
        source == Source.CONTEXT || contextWidth == width,
        "attention to the input itself: expected the context's width %d, found %d",
        width,
        contextWidth);
  }

  /** Attention of tokens to each other. */
  public static Attention self(int width, int heads) {
    return new Attention(width, heads, Source.INPUT, width);
  }

  /** Attention of tokens to those of the further input. */
  public static Attention cross(int width, int contextWidth, int heads) {
    return new Attention(width, heads, Source.CONTEXT, contextWidth);
  }

  private Linear query() {
    return Linear.of(width, width);
  }

  private Linear ofContext() {
    return Linear.of(contextWidth, width);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("query", query());
    parameters.inner("key", ofContext());
    parameters.inner("value", ofContext());
    parameters.inner("out", query());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value context = source == Source.INPUT ? input : pass.further(CONTEXT);
    Value mixed =
        Neural.attention(
            split(pass.inner("query", query(), input)),
            split(pass.inner("key", ofContext(), context)),
            split(pass.inner("value", ofContext(), context)),
            null);
    Value joined = Ops.reshape(Ops.transpose(mixed, 1, 2), input.dim(0), input.dim(1), width);
    return pass.inner("out", query(), joined);
  }

  private Value split(Value x) {
    return Ops.transpose(Ops.reshape(x, x.dim(0), x.dim(1), heads, width / heads), 1, 2);
  }

  @Override
  public String emit(Emission graph, String input) {
    String context = source == Source.INPUT ? input : graph.further(CONTEXT);
    String sizes = graph.constant("sizes", 0, 0, heads, width / heads);
    String query = heads(graph, sizes, "query", graph.inner("query", query(), input), HEADS_FIRST);
    String key = heads(graph, sizes, "key", graph.inner("key", ofContext(), context), KEYS_LAST);
    String value =
        heads(graph, sizes, "value", graph.inner("value", ofContext(), context), HEADS_FIRST);
    float scale = (float) (1 / Math.sqrt(width / (double) heads));
    String scaled =
        graph.node(
            "Mul",
            "scaled",
            List.of(query, graph.constant("scale", Tensor.wrap(new float[] {scale}))));
    String scores = graph.node("MatMul", "scores", List.of(scaled, key));
    String weights =
        graph.node("Softmax", "weights", List.of(scores), OnnxAttribute.number("axis", -1));
    String mixed = graph.node("MatMul", "mixed", List.of(weights, value));
    String back = graph.node("Transpose", "back", List.of(mixed), HEADS_FIRST);
    String joined =
        graph.node("Reshape", "joined", List.of(back, graph.constant("whole", 0, 0, width)));
    return graph.inner("out", query(), joined);
  }

  private static String heads(
      Emission graph, String sizes, String name, String value, OnnxAttribute order) {
    String split = graph.node("Reshape", name + "_split", List.of(value, sizes));
    return graph.node("Transpose", name + "_heads", List.of(split), order);
  }

  @Override
  public String describe() {
    return (source == Source.INPUT ? "self-attention " : "cross-attention ")
        + width
        + " in "
        + heads
        + " heads"
        + (source == Source.INPUT ? "" : " to " + contextWidth);
  }
}
