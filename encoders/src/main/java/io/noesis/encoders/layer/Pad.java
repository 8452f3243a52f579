package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * Zeros put around the elements of an axis, unequal at both ends where needed: windows of even size
 * that keep the length.
 *
 * @param axis at least 1
 * @param before zeros before the first element
 * @param behind zeros behind the last element
 */
public record Pad(int axis, int before, int behind) implements Layer {
  /** Checks the numbers. */
  public Pad {
    Check.argument(
        axis >= 1 && before >= 0 && behind >= 0,
        "padding: expected an axis of at least 1 and at least 0 zeros, found %d, %d, %d",
        axis,
        before,
        behind);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.pad(input, axis, before, behind);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.pad("out", input, new int[] {axis}, new int[] {before}, new int[] {behind});
  }

  @Override
  public String describe() {
    return before + " zeros before and " + behind + " behind axis " + axis;
  }
}
