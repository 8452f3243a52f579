package io.noesis.tensor;

import java.util.List;

/**
 * What a {@code .safetensors} file says about one of its arrays.
 *
 * @param dtype the element type as the file writes it: {@code "F32"}, {@code "BF16"}
 * @param shape the sizes of the axes, slowest first; may exceed what memory holds
 * @param position where its values begin in the file, in bytes
 * @param bytes how many bytes its values take
 */
public record SafetensorsEntry(String dtype, List<Long> shape, long position, long bytes) {
  /** Copies. */
  public SafetensorsEntry {
    shape = List.copyOf(shape);
  }
}
