package io.noesis.encoders.onnx;

import java.util.List;

/**
 * One input or output of a graph.
 *
 * @param name its name in the graph
 * @param type its element type
 * @param axes its axes, slowest first
 */
public record OnnxPort(String name, OnnxType type, List<Axis> axes) {
  /**
   * One axis.
   *
   * @param size its size, or -1 when it is free
   * @param label the graph's name for a free axis, for example {@code batch_size}; may be empty
   */
  public record Axis(long size, String label) {
    @Override
    public String toString() {
      return size >= 0 ? Long.toString(size) : label.isEmpty() ? "?" : label;
    }
  }

  /** Copies the axes. */
  public OnnxPort {
    axes = List.copyOf(axes);
  }

  /** How many axes. */
  public int rank() {
    return axes.size();
  }

  /** Whether a value of those sizes fits: same rank, same size wherever the graph fixes one. */
  boolean accepts(int[] sizes) {
    if (sizes.length != axes.size()) {
      return false;
    }
    for (int i = 0; i < sizes.length; i++) {
      long fixed = axes.get(i).size();
      if (fixed >= 0 && fixed != sizes[i]) {
        return false;
      }
    }
    return true;
  }

  /** For messages: {@code input_ids INT64 [batch_size, sequence_length]}. */
  @Override
  public String toString() {
    return name + " " + type + " " + axes;
  }
}
