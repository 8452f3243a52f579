package io.noesis.tensor;

import io.noesis.run.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A run of numbers in a file, turned into Java numbers. A whole number that the target type cannot
 * hold exactly, or a finite number that would become infinite, is refused; rounding of fractions
 * (float64 to float32) is not.
 */
final class Elements {
  /** Bytes read at a time; a multiple of every element size. */
  private static final int CHUNK = 1 << 18;

  private final Source source;
  private final long position;
  private final DType dtype;
  private final ByteOrder byteOrder;
  private final int count;

  /** The caller has checked that the source reaches that far. */
  Elements(Source source, long position, DType dtype, ByteOrder byteOrder, int count) {
    this.source = source;
    this.position = position;
    this.dtype = dtype;
    this.byteOrder = byteOrder;
    this.count = count;
  }

  /** One chunk of elements: from {@code at}, {@code n} of them, in the buffer from its start. */
  private interface Chunk {
    void take(ByteBuffer bytes, int at, int n);
  }

  float[] floats() {
    float[] out = new float[requireHeap(Float.BYTES)];
    if (dtype == DType.FLOAT32) {
      each((bytes, at, n) -> bytes.asFloatBuffer().get(out, at, n));
    } else if (dtype.isInteger()) {
      each(
          (bytes, at, n) -> {
            for (int i = 0; i < n; i++) {
              long value = integer(bytes, i);
              requireExact(value, at + i, 24, "float32");
              out[at + i] = (float) toDouble(value);
            }
          });
    } else {
      each(
          (bytes, at, n) -> {
            for (int i = 0; i < n; i++) {
              double value = floating(bytes, i);
              out[at + i] = (float) value;
              if (Float.isInfinite(out[at + i]) && !Double.isInfinite(value)) {
                throw cannotHold("float32", at + i, Double.toString(value));
              }
            }
          });
    }
    return out;
  }

  double[] doubles() {
    double[] out = new double[requireHeap(Double.BYTES)];
    each(
        (bytes, at, n) -> {
          for (int i = 0; i < n; i++) {
            if (dtype.isInteger()) {
              long value = integer(bytes, i);
              requireExact(value, at + i, 53, "float64");
              out[at + i] = toDouble(value);
            } else {
              out[at + i] = floating(bytes, i);
            }
          }
        });
    return out;
  }

  long[] longs() {
    if (!dtype.isInteger()) {
      throw new DataException(
          "reading "
              + source.name()
              + " as whole numbers: it holds "
              + dtype.label()
              + ". Read it as floating point, or round it where it was made.");
    }
    long[] out = new long[requireHeap(Long.BYTES)];
    each(
        (bytes, at, n) -> {
          for (int i = 0; i < n; i++) {
            long value = integer(bytes, i);
            if (dtype == DType.UINT64 && value < 0) {
              throw cannotHold("int64", at + i, Long.toUnsignedString(value));
            }
            out[at + i] = value;
          }
        });
    return out;
  }

  private void each(Chunk chunk) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Math.min(CHUNK, (long) count * dtype.bytes())).order(byteOrder);
    int perChunk = CHUNK / dtype.bytes();
    for (int at = 0; at < count; at += perChunk) {
      int n = Math.min(perChunk, count - at);
      bytes.clear().limit(n * dtype.bytes());
      source.read(position + (long) at * dtype.bytes(), bytes, "values");
      bytes.flip();
      chunk.take(bytes, at, n);
    }
  }

  /** The bits of a whole number; of uint64, all 64. */
  private long integer(ByteBuffer bytes, int i) {
    return switch (dtype) {
      case BOOL -> bytes.get(i) != 0 ? 1 : 0;
      case INT8 -> bytes.get(i);
      case UINT8 -> bytes.get(i) & 0xff;
      case INT16 -> bytes.getShort(2 * i);
      case UINT16 -> bytes.getShort(2 * i) & 0xffff;
      case INT32 -> bytes.getInt(4 * i);
      case UINT32 -> bytes.getInt(4 * i) & 0xffffffffL;
      case INT64, UINT64 -> bytes.getLong(8 * i);
      default -> throw new AssertionError(dtype);
    };
  }

  private double floating(ByteBuffer bytes, int i) {
    return switch (dtype) {
      case FLOAT16 -> halfToFloat(bytes.getShort(2 * i));
      case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
      case FLOAT32 -> bytes.getFloat(4 * i);
      case FLOAT64 -> bytes.getDouble(8 * i);
      default -> throw new AssertionError(dtype);
    };
  }

  /** IEEE 754 binary16, section 3.4: 1 sign, 5 exponent and 10 fraction bits. */
  static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int bits = exponent == 0x1f ? 0x7f800000 : (exponent + 112) << 23;
    return Float.intBitsToFloat(sign | bits | fraction << 13);
  }

  private double toDouble(long value) {
    if (dtype == DType.UINT64 && value < 0) {
      return 2.0 * ((value >>> 1) | (value & 1));
    }
    return value;
  }

  private void requireExact(long value, int at, int bits, String type) {
    long magnitude = dtype == DType.UINT64 ? value : Math.abs(value);
    int needed = 64 - Long.numberOfLeadingZeros(magnitude) - Long.numberOfTrailingZeros(magnitude);
    if (needed > bits) {
      throw cannotHold(
          type, at, dtype == DType.UINT64 ? Long.toUnsignedString(value) : Long.toString(value));
    }
  }

  private DataException cannotHold(String type, int at, String value) {
    return new DataException(
        "reading "
            + source.name()
            + " as "
            + type
            + ": element "
            + at
            + " (in file order) is "
            + value
            + " ("
            + dtype.label()
            + "), which "
            + type
            + " cannot hold. Convert it where it was made if rounding is harmless, or read it with a wider type.");
  }

  private int requireHeap(int bytesEach) {
    requireHeap(source.name(), (long) count * bytesEach);
    return count;
  }

  /** Refuses what cannot fit, instead of failing in the middle. */
  static void requireHeap(String name, long bytes) {
    long most = Runtime.getRuntime().maxMemory();
    if (bytes > most) {
      throw new DataException(
          "reading "
              + name
              + ": it needs "
              + bytes / (1 << 20)
              + " MiB of memory, but Java may use "
              + most / (1 << 20)
              + " MiB. Give Java more memory (-Xmx), or read it by rows.");
    }
  }
}
