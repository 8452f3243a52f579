package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which tokens a query of {@link Attention} sees. A query that sees none gets zeros. */
public enum Sight {
  /** All. */
  ALL,
  /** Itself and those before it. */
  EARLIER,
  /** Those that the further input {@value #MASK} {@code [batch, tokens]} marks by 1, not by 0. */
  MASKED,
  /** Those that are marked, up to itself. */
  EARLIER_AND_MASKED;

  /** Name of the further input that tells tokens (1) from padding (0). */
  public static final String MASK = "mask";

  /** Takes a token out of sight where it is added to its score. */
  private static final float NEVER = 1e9f;

  boolean causal() {
    return this == EARLIER || this == EARLIER_AND_MASKED;
  }

  private boolean masked() {
    return this == MASKED || this == EARLIER_AND_MASKED;
  }

  /** What is added to scores {@code [batch, heads, queries, tokens]}: 0 or −∞; null: nothing. */
  @Nullable Value mask(Pass pass, Value queries) {
    Value mask = causal() ? Neural.above(queries, queries.dim(1), Double.NEGATIVE_INFINITY) : null;
    if (!masked()) {
      return mask;
    }
    Value keys = Ops.addAxis(Ops.addAxis(Ops.log(pass.further(MASK)), 1), 1).like(queries);
    return mask == null ? keys : Ops.add(keys, mask);
  }

  /** Writes the softmax of the scores of what is in sight. */
  String emit(Emission graph, String scores) {
    OnnxAttribute last = OnnxAttribute.number("axis", -1);
    if (this == ALL) {
      return graph.node("Softmax", "weights", List.of(scores), last);
    }
    String seen = seen(graph, scores);
    String one = graph.constant("one", Tensor.wrap(new float[] {1}));
    String absent = graph.node("Sub", "absent", List.of(seen, one));
    String never = graph.constant("never", Tensor.wrap(new float[] {NEVER}));
    String added = graph.node("Mul", "never_absent", List.of(absent, never));
    String kept = graph.node("Add", "kept_scores", List.of(scores, added));
    String weights = graph.node("Softmax", "kept_weights", List.of(kept), last);
    // Changes only rows in which nothing is in sight: to zeros, as libtorch gives them.
    return graph.node("Mul", "weights", List.of(weights, seen));
  }

  /** Ones where a token is in sight, else zeros. */
  private String seen(Emission graph, String scores) {
    String seen = null;
    if (causal()) {
      String sizes = graph.node("Shape", "sizes_of_scores", List.of(scores));
      String unit = graph.constant("unit", Tensor.wrap(new float[] {1}));
      String all = graph.node("Expand", "all_seen", List.of(unit, sizes));
      seen = graph.node("Trilu", "earlier", List.of(all), OnnxAttribute.number("upper", 0));
    }
    if (masked()) {
      String axes = graph.constant("key_axes", 1, 2);
      String keys = graph.node("Unsqueeze", "present", List.of(graph.further(MASK), axes));
      seen = seen == null ? keys : graph.node("Mul", "seen", List.of(seen, keys));
    }
    return java.util.Objects.requireNonNull(seen);
  }

  String describe() {
    return (causal() ? ", causal" : "") + (masked() ? ", masked" : "");
  }
}
