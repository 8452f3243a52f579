package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * The largest in {@code size} windows that cover the last axis: window i is [⌊iL/n⌋, ⌈(i+1)L/n⌉).
 * Brings responses of any number of voxels to one width (MindBridge, arXiv:2404.07850). {@code
 * [batch, length]} → {@code [batch, size]}, with further axes between.
 *
 * @param length L, the size of the last axis
 * @param size n
 */
public record AdaptiveMaxPool(int length, int size) implements Layer {
  /** Checks the sizes. */
  public AdaptiveMaxPool {
    Check.argument(
        length > 0 && size > 0,
        "adaptive maximum: expected sizes of at least 1, found %d → %d",
        length,
        size);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    if (input.rank() == 2) {
      return Ops.dropAxis(Neural.adaptiveMaxPool(Ops.addAxis(input, 1), size), 1);
    }
    return Neural.adaptiveMaxPool(input, size);
  }

  @Override
  public String emit(Emission graph, String input) {
    // ONNX has no such operator: gather the windows, then take the largest.
    String windows =
        graph.node(
            "Gather",
            "windows",
            List.of(input, graph.table("indices", windows(span()), size, span())),
            OnnxAttribute.number("axis", -1));
    return graph.node(
        "ReduceMax",
        "out",
        List.of(windows, graph.constant("axis", -1)),
        OnnxAttribute.number("keepdims", 0));
  }

  /** The size of the longest window. */
  int span() {
    int longest = 0;
    for (int i = 0; i < size; i++) {
      longest = Math.max(longest, end(i) - start(i));
    }
    return longest;
  }

  /** The elements of each window; shorter ones repeat their last one up to {@code span}. */
  long[] windows(int span) {
    long[] indices = new long[size * span];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < span; j++) {
        indices[i * span + j] = Math.min(start(i) + j, end(i) - 1);
      }
    }
    return indices;
  }

  private int start(int i) {
    return Math.toIntExact((long) i * length / size);
  }

  private int end(int i) {
    return Math.toIntExact(((i + 1L) * length + size - 1) / size);
  }

  @Override
  public String describe() {
    return "adaptive maximum " + length + " → " + size;
  }
}
