package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.Collections;
import java.util.List;

/**
 * {@link AdaptiveMaxPool} of responses that were filled up with zeros: the windows of a row cover
 * only the voxels that its subject has (the further input {@link SubjectLinear#SUBJECT}; −1 has as
 * many as the widest). {@code [batch, length]} → {@code [batch, size]}.
 *
 * @param widths how many voxels each subject has; the largest is the length
 * @param size how many windows
 */
public record SubjectMaxPool(List<Integer> widths, int size) implements Layer {
  /** Checks the sizes. */
  public SubjectMaxPool {
    widths = List.copyOf(widths);
    Check.argument(
        size > 0 && !widths.isEmpty() && widths.stream().allMatch(width -> width > 0),
        "adaptive maximum per subject: expected sizes of at least 1, found %s → %d",
        widths,
        size);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    int batch = input.dim(0);
    Value subject = Ops.indexFromEnd(pass.further(SubjectLinear.SUBJECT), widths.size() + 1);
    Value rows = Ops.select(Value.of(table(), widths.size() + 1, size * span()), 0, subject);
    return Ops.largest(Ops.reshape(Ops.gather(input, 1, rows), batch, size, span()), 2);
  }

  @Override
  public String emit(Emission graph, String input) {
    // ONNX counts negative indices from the end, where the windows of the widest are.
    String table = graph.table("windows", table(), widths.size() + 1, size * span());
    String subject = graph.further(SubjectLinear.SUBJECT);
    String rows = graph.node("Gather", "own_windows", List.of(table, subject));
    String values =
        graph.node(
            "GatherElements", "values", List.of(input, rows), OnnxAttribute.number("axis", 1));
    String apart =
        graph.node("Reshape", "apart", List.of(values, graph.constant("sizes", 0, size, span())));
    return graph.node(
        "ReduceMax",
        "out",
        List.of(apart, graph.constant("axis", -1)),
        OnnxAttribute.number("keepdims", 0));
  }

  /** One row of windows per subject, and one for those not trained. */
  private long[] table() {
    int row = size * span();
    long[] table = new long[(widths.size() + 1) * row];
    for (int s = 0; s <= widths.size(); s++) {
      int width = s < widths.size() ? widths.get(s) : Collections.max(widths);
      long[] own = new AdaptiveMaxPool(width, size).windows(span());
      System.arraycopy(own, 0, table, s * row, row);
    }
    return table;
  }

  private int span() {
    return widths.stream()
        .mapToInt(width -> new AdaptiveMaxPool(width, size).span())
        .max()
        .orElseThrow();
  }

  @Override
  public String describe() {
    return "adaptive maximum of each subject's voxels → " + size;
  }
}
