package io.noesis.tensor;

import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.Suggest;
import io.noesis.run.UnsupportedDataException;
import java.io.Closeable;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A {@code .safetensors} file (github.com/huggingface/safetensors, format of 2023): named arrays
 * and a map of texts. The header is checked when it is opened; arrays are read when asked for, by
 * position, so threads may share it. Whoever opened it closes it.
 */
public final class Safetensors implements Closeable {
  private final Source source;
  private final SafetensorsHeader header;

  private Safetensors(Source source) {
    this.source = source;
    this.header = SafetensorsHeader.read(source);
  }

  /**
   * Opens a file and checks its header against its size.
   *
   * @param file a {@code .safetensors} file
   * @return to be closed by the caller
   * @throws io.noesis.run.CorruptDataException when the header is damaged, or places overlap, leave
   *     gaps or reach past the end
   */
  public static Safetensors open(Path file) {
    return open(Source.file(file));
  }

  static Safetensors open(Source source) {
    try {
      return new Safetensors(source);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** The names of the arrays, sorted. */
  public List<String> names() {
    return List.copyOf(header.entries().keySet());
  }

  /** The texts stored beside the arrays, sorted by key. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Checks which kind of file it is, by its texts {@code format} and {@code version}.
   *
   * @param doing what is being done, for the message ({@code "loading a ridge model from x"})
   * @param format expected
   * @param version expected
   * @param remedy a sentence that says what to do with another
   * @throws ModelException when it is of another kind or version
   */
  public void requireFormat(String doing, String format, String version, String remedy) {
    String found = metadata().getOrDefault("format", "none");
    String foundVersion = metadata().getOrDefault("version", "none");
    if (!found.equals(format) || !foundVersion.equals(version)) {
      throw new ModelException(
          doing
              + ": its format is '"
              + found
              + "', version '"
              + foundVersion
              + "'; expected '"
              + format
              + "', version '"
              + version
              + "'. "
              + remedy);
    }
  }

  /** What the file says about an array; also for element types that cannot be read here. */
  public SafetensorsEntry entry(String name) {
    SafetensorsEntry entry = header.entries().get(name);
    if (entry == null) {
      throw new DataException(
          "reading array '"
              + name
              + "' of "
              + source.name()
              + ": there is no such array. "
              + Suggest.sentence(name, header.entries().keySet()));
    }
    return entry;
  }

  /** Reads an array as float32, with the same limits as {@link Npy#read}. */
  public Tensor read(String name) {
    Shape shape = shape(name);
    return Tensor.wrap(elements(name, shape).floats(), shape.toArray());
  }

  /** Reads an array as float64, with the same limits as {@link Npy#readDoubles}. */
  public DoubleArray readDoubles(String name) {
    Shape shape = shape(name);
    return DoubleArray.wrap(elements(name, shape).doubles(), shape);
  }

  /** Reads an array of whole numbers, with the same limits as {@link Npy#readLongs}. */
  public LongArray readLongs(String name) {
    Shape shape = shape(name);
    return LongArray.wrap(elements(name, shape).longs(), shape);
  }

  private Elements elements(String name, Shape shape) {
    return new Elements(
        source, entry(name).position(), dtype(name), ByteOrder.LITTLE_ENDIAN, shape.size());
  }

  private DType dtype(String name) {
    String dtype = entry(name).dtype();
    return switch (dtype) {
      case "BOOL" -> DType.BOOL;
      case "I8" -> DType.INT8;
      case "I16" -> DType.INT16;
      case "I32" -> DType.INT32;
      case "I64" -> DType.INT64;
      case "U8" -> DType.UINT8;
      case "U16" -> DType.UINT16;
      case "U32" -> DType.UINT32;
      case "U64" -> DType.UINT64;
      case "F16" -> DType.FLOAT16;
      case "BF16" -> DType.BFLOAT16;
      case "F32" -> DType.FLOAT32;
      case "F64" -> DType.FLOAT64;
      default ->
          throw new UnsupportedDataException(
              "reading array '"
                  + name
                  + "' of "
                  + source.name()
                  + ": its elements are "
                  + dtype
                  + ", which are not read here. Convert it in Python: tensor.to(torch.float32)");
    };
  }

  private Shape shape(String name) {
    List<Long> sizes = entry(name).shape();
    int[] out = new int[sizes.size()];
    long product = 1;
    for (int axis = 0; axis < out.length; axis++) {
      long size = sizes.get(axis);
      product = size > Integer.MAX_VALUE ? Long.MAX_VALUE : product * Math.max(1, size);
      if (product > Integer.MAX_VALUE - 8) {
        throw new UnsupportedDataException(
            "reading array '"
                + name
                + "' of "
                + source.name()
                + " into memory: its shape "
                + sizes
                + " has more than 2^31 elements. Split it.");
      }
      out[axis] = (int) size;
    }
    return Shape.of(out);
  }

  @Override
  public void close() {
    source.close();
  }
}
