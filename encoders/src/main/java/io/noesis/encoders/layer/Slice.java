package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * Elements {@code start .. start + length − 1} of an axis.
 *
 * @param axis at least 1: the batch stays whole
 * @param start first element, from 0
 * @param length how many
 */
public record Slice(int axis, int start, int length) implements Layer {
  /** Checks the numbers. */
  public Slice {
    Check.argument(
        axis >= 1 && start >= 0 && length >= 1,
        "slice: expected an axis of at least 1, a start of at least 0 and a length of at least 1,"
            + " found %d, %d, %d",
        axis,
        start,
        length);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.narrow(input, axis, start, length);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node(
        "Slice",
        "out",
        List.of(
            input,
            graph.constant("start", start),
            graph.constant("end", (long) start + length),
            graph.constant("axis", axis)));
  }

  @Override
  public String describe() {
    return "elements " + start + " to " + (start + length - 1) + " of axis " + axis;
  }
}
