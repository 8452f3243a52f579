package io.noesis.tensor;

import io.noesis.run.AtomicFile;
import io.noesis.run.Check;
import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * NumPy's {@code .npy} files (numpy.lib.format, versions 1.0 to 3.0): truth values, whole numbers
 * of 1 to 8 bytes, float16, float32 and float64 in both byte orders and both element orders, and
 * texts. Complex numbers, structures, dates and pickled objects are refused by name; nothing in a
 * file is ever executed. Sizes are checked against the file before memory is taken.
 *
 * <p>All readers throw {@link io.noesis.run.CorruptDataException} for damaged files and {@link
 * io.noesis.run.UnsupportedDataException} for element types that are not read here.
 */
public final class Npy {
  private static final int CHUNK = 1 << 16;

  private Npy() {}

  /**
   * Reads an array as float32. Fractions are rounded to float32; a whole number beyond 2²⁴ that
   * float32 cannot hold exactly, or a finite number that would overflow, is refused.
   *
   * @param file an {@code .npy} file
   * @return its values in C order
   * @throws io.noesis.run.DataException when a value does not fit: use {@link #readDoubles} or
   *     {@link #readLongs}
   */
  public static Tensor read(Path file) {
    try (Source source = Source.file(file)) {
      return new NpyReader(source).floats();
    }
  }

  /**
   * Reads an array as float64; only whole numbers beyond 2⁵³ may not fit.
   *
   * @param file an {@code .npy} file
   * @return its values in C order
   */
  public static DoubleArray readDoubles(Path file) {
    try (Source source = Source.file(file)) {
      return new NpyReader(source).doubles();
    }
  }

  /**
   * Reads an array of whole numbers or truth values.
   *
   * @param file an {@code .npy} file
   * @return its values in C order
   * @throws io.noesis.run.DataException when it holds fractions, or uint64 from 2⁶³ on
   */
  public static LongArray readLongs(Path file) {
    try (Source source = Source.file(file)) {
      return new NpyReader(source).longs();
    }
  }

  /**
   * Reads an array of texts ({@code U}, or {@code S} as UTF-8), without padding zeros.
   *
   * @param file an {@code .npy} file
   * @return its texts in C order; {@link NpyHeader#read} tells the shape
   */
  public static List<String> readStrings(Path file) {
    try (Source source = Source.file(file)) {
      return new NpyReader(source).strings();
    }
  }

  /**
   * Writes float32 in C order, little-endian, the bytes that NumPy would write; whole or not at
   * all.
   *
   * @param file the file; replaced when it exists
   * @param tensor the values
   */
  public static void write(Path file, Tensor tensor) {
    AtomicFile.write(file, out -> write(out, tensor));
  }

  /** Makes the rows of a file one after the other. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Hands over all rows.
     *
     * @param sink takes whole rows {@code [any number, width]} in order
     */
    void writeTo(Consumer<Tensor> sink);
  }

  /**
   * Writes {@code [rows, width]} as {@link #write(Path, Tensor)} does, without ever holding it.
   *
   * @param file the file; replaced when it exists
   * @param rows how many rows will be handed over
   * @param width how many elements each has
   * @param content makes them
   */
  public static void writeRows(Path file, int rows, int width, Rows content) {
    AtomicFile.write(
        file,
        out -> {
          out.write(NpyHeaderText.bytes("<f4", rows, width));
          long[] written = new long[1];
          content.writeTo(
              block -> {
                written[0] += block.size();
                try {
                  writeValues(out, block.array());
                } catch (IOException e) {
                  throw new OutputException(
                      "writing "
                          + file
                          + ": "
                          + Failure.reason(e)
                          + ". Nothing was left half-written; choose a folder with enough free space.",
                      e);
                }
              });
          Check.size("elements of the rows of " + file, (long) rows * width, written[0]);
        });
  }

  /**
   * Writes float64 as {@link #write(Path, Tensor)} does float32.
   *
   * @param file the file; replaced when it exists
   * @param array the values
   */
  public static void write(Path file, DoubleArray array) {
    AtomicFile.write(file, out -> write(out, array));
  }

  /**
   * Writes int64 as {@link #write(Path, Tensor)} does float32.
   *
   * @param file the file; replaced when it exists
   * @param array the values
   */
  public static void write(Path file, LongArray array) {
    AtomicFile.write(file, out -> write(out, array));
  }

  /**
   * Writes texts as a vector of type {@code U}.
   *
   * @param file the file; replaced when it exists
   * @param texts the texts; zeros at their end would be lost, as in NumPy
   */
  public static void writeStrings(Path file, List<String> texts) {
    AtomicFile.write(
        file,
        out -> {
          int longest = 1;
          for (String text : texts) {
            longest = Math.max(longest, text.codePointCount(0, text.length()));
          }
          out.write(NpyHeaderText.bytes("<U" + longest, Shape.of(texts.size())));
          for (String text : texts) {
            ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(4, longest)).order(ByteOrder.LITTLE_ENDIAN);
            text.codePoints().forEach(bytes::putInt);
            out.write(bytes.array());
          }
        });
  }

  static void write(OutputStream out, Tensor tensor) throws IOException {
    out.write(NpyHeaderText.bytes("<f4", tensor.shape()));
    writeValues(out, tensor.array());
  }

  static void write(OutputStream out, DoubleArray array) throws IOException {
    out.write(NpyHeaderText.bytes("<f8", array.shape()));
    writeValues(out, array.array());
  }

  static void write(OutputStream out, LongArray array) throws IOException {
    out.write(NpyHeaderText.bytes("<i8", array.shape()));
    writeValues(out, array.array());
  }

  static void writeValues(OutputStream out, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += CHUNK / Float.BYTES) {
      int n = Math.min(CHUNK / Float.BYTES, values.length - at);
      bytes.asFloatBuffer().put(values, at, n);
      out.write(bytes.array(), 0, n * Float.BYTES);
    }
  }

  static void writeValues(OutputStream out, double[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += CHUNK / Double.BYTES) {
      int n = Math.min(CHUNK / Double.BYTES, values.length - at);
      bytes.asDoubleBuffer().put(values, at, n);
      out.write(bytes.array(), 0, n * Double.BYTES);
    }
  }

  static void writeValues(OutputStream out, long[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += CHUNK / Long.BYTES) {
      int n = Math.min(CHUNK / Long.BYTES, values.length - at);
      bytes.asLongBuffer().put(values, at, n);
      out.write(bytes.array(), 0, n * Long.BYTES);
    }
  }
}
