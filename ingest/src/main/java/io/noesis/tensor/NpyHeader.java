package io.noesis.tensor;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an {@code .npy} file says about itself, read without its values.
 *
 * @param descr the element type as NumPy writes it: {@code "<f4"}; the whole text for a structure
 * @param order in which order the elements lie
 * @param shape the sizes of the axes, slowest first; may exceed what memory holds
 * @param dataOffset where the values begin, in bytes
 */
public record NpyHeader(String descr, ArrayOrder order, List<Long> shape, long dataOffset) {
  /** Copies. */
  public NpyHeader {
    shape = List.copyOf(shape);
  }

  /**
   * Reads the header of a file.
   *
   * @param file an {@code .npy} file
   * @return its header; also for element types that cannot be read here
   * @throws io.noesis.run.CorruptDataException when it is no {@code .npy} file or is damaged
   */
  public static NpyHeader read(Path file) {
    try (Source source = Source.file(file)) {
      return NpyHeaderText.read(source);
    }
  }

  /** The kind of numbers; empty for strings, complex numbers, objects, dates and structures. */
  public Optional<DType> dtype() {
    String kind = descr.replaceFirst("^[<>|=]", "");
    return Optional.ofNullable(
        switch (kind) {
          case "?", "b1" -> DType.BOOL;
          case "i1" -> DType.INT8;
          case "i2" -> DType.INT16;
          case "i4" -> DType.INT32;
          case "i8" -> DType.INT64;
          case "u1" -> DType.UINT8;
          case "u2" -> DType.UINT16;
          case "u4" -> DType.UINT32;
          case "u8" -> DType.UINT64;
          case "f2" -> DType.FLOAT16;
          case "f4" -> DType.FLOAT32;
          case "f8" -> DType.FLOAT64;
          default -> null;
        });
  }

  /** How many elements: the product of the shape. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Whether the elements are texts ({@code U}) or byte strings ({@code S}). */
  public boolean isText() {
    return descr.matches("[<>|=]?[US]\\d+");
  }

  ByteOrder byteOrder() {
    return descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }
}
