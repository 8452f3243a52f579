package io.noesis.ingest.format.nifti;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of a header of either version and byte order, by field. */
final class HeaderBytes {
  private static final int[] SIZES = {0, 348, 540};

  private final int version;
  private final byte[] array;
  private final ByteBuffer bytes;

  private HeaderBytes(int version, byte[] array, ByteOrder order) {
    this.version = version;
    this.array = array;
    this.bytes = ByteBuffer.wrap(array).order(order);
  }

  /** How many bytes a header of a version has ({@code sizeof_hdr}). */
  static int size(int version) {
    return SIZES[version];
  }

  /** An empty little-endian header. */
  static HeaderBytes empty(int version) {
    return new HeaderBytes(version, new byte[size(version)], ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The header at the start of some bytes: the version by {@code sizeof_hdr}, the byte order by
   * which of the two makes sense of it.
   *
   * @return null when neither does; the bytes may still be fewer than {@link #size(int)}
   */
  static @Nullable HeaderBytes of(byte[] start) {
    if (start.length < 4) {
      return null;
    }
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      ByteBuffer bytes = ByteBuffer.wrap(start).order(order);
      for (int version = 1; version <= 2; version++) {
        if (bytes.getInt(0) == size(version)) {
          return new HeaderBytes(version, start, order);
        }
      }
    }
    return null;
  }

  int version() {
    return version;
  }

  ByteOrder order() {
    return bytes.order();
  }

  /** The live bytes. */
  byte[] array() {
    return array;
  }

  /** Whether all bytes of the header are there. */
  boolean whole() {
    return array.length >= size(version);
  }

  /** The {@code index}-th number of a field. */
  double real(HeaderField field, int index) {
    int at = field.offset(version);
    return switch (field.type(version)) {
      case 'f' -> bytes.getFloat(at + 4 * index);
      case 'd' -> bytes.getDouble(at + 8 * index);
      default -> integer(field, index);
    };
  }

  /** The {@code index}-th whole number of a field. */
  long integer(HeaderField field, int index) {
    int at = field.offset(version);
    return switch (field.type(version)) {
      case 'b' -> bytes.get(at + index);
      case 'h' -> bytes.getShort(at + 2 * index);
      case 'i' -> bytes.getInt(at + 4 * index);
      case 'q' -> bytes.getLong(at + 8 * index);
      default -> (long) real(field, index);
    };
  }

  /** Up to {@code length} characters, to the first NUL; what cannot be printed becomes a dot. */
  String text(HeaderField field, int length) {
    int from = field.offset(version);
    int end = from;
    while (end < from + length && bytes.get(end) != 0) {
      end++;
    }
    return new String(array, from, end - from, StandardCharsets.ISO_8859_1)
        .replaceAll("[^ -~]", ".");
  }

  void put(HeaderField field, int index, double value) {
    int at = field.offset(version);
    switch (field.type(version)) {
      case 'b' -> bytes.put(at + index, (byte) value);
      case 'h' -> bytes.putShort(at + 2 * index, (short) value);
      case 'i' -> bytes.putInt(at + 4 * index, (int) value);
      case 'q' -> bytes.putLong(at + 8 * index, (long) value);
      case 'f' -> bytes.putFloat(at + 4 * index, (float) value);
      case 'd' -> bytes.putDouble(at + 8 * index, value);
      default -> throw new IllegalArgumentException(field + " is a text");
    }
  }

  void put(HeaderField field, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
    bytes.put(field.offset(version), ascii);
  }
}
