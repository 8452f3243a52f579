package io.noesis.ingest.format.mat;

import io.noesis.run.CorruptDataException;
import io.noesis.run.UnsupportedDataException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Checks the skeleton of a version-5 file before the reader library sees it: every size it claims
 * is compared with the bytes that are there, because the library allocates by claim ("MAT-File
 * Format", MathWorks, section "MAT-File Level 5 File Format"). Compressed variables come out
 * expanded, their checksums verified.
 */
final class MatBytes {
  /** Variables expanded beyond this are not for one heap. */
  static final long MAX_BYTES = 1L << 30;

  private static final int HEADER = 128;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;
  private static final int INT8 = 1;
  private static final int UTF8 = 16;
  private static final int INT32 = 5;
  private static final int UINT32 = 6;
  private static final int MAX_DEPTH = 60;
  private static final int CELL = 1;
  private static final int STRUCT = 2;
  private static final int OBJECT = 3;
  private static final int SPARSE = 5;
  private static final int FUNCTION = 16;
  private static final int OPAQUE = 17;

  private final String name;
  private final ByteOrder order;

  private MatBytes(String name, ByteOrder order) {
    this.name = name;
    this.order = order;
  }

  /** The file with every variable expanded and checked. */
  static byte[] checked(byte[] file, String name) {
    MatBytes bytes = new MatBytes(name, order(file, name));
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
    out.write(file, 0, HEADER);
    ByteBuffer in = ByteBuffer.wrap(file).order(bytes.order);
    in.position(HEADER);
    while (in.remaining() >= 8) {
      bytes.element(file, in, out);
    }
    if (in.hasRemaining()) {
      throw bytes.corrupt("it ends within a tag, " + in.remaining() + " bytes are left over");
    }
    return out.toByteArray();
  }

  private static ByteOrder order(byte[] file, String name) {
    if (MatFile.isHdf5(file)) {
      throw new UnsupportedDataException(
          "reading "
              + name
              + ": it is a MATLAB 7.3 file (HDF5), which is not read. Save it anew in MATLAB with"
              + " save('file.mat', '-v7').");
    }
    if (MatFile.looksLikeVersion4(file)) {
      throw new UnsupportedDataException(
          "reading "
              + name
              + ": it is a MATLAB 4 file, which is not read. Load it in MATLAB or SciPy and save it"
              + " anew with '-v7'.");
    }
    if (file.length < HEADER) {
      throw new CorruptDataException(
          "reading "
              + name
              + ": it has "
              + file.length
              + " bytes, a MATLAB 5 file has a header of 128. The file is cut off or of another"
              + " kind.");
    }
    if (file[126] == 'I' && file[127] == 'M') {
      return ByteOrder.LITTLE_ENDIAN;
    }
    if (file[126] == 'M' && file[127] == 'I') {
      return ByteOrder.BIG_ENDIAN;
    }
    throw new CorruptDataException(
        "reading "
            + name
            + ": bytes 126 and 127 are '"
            + new String(file, 126, 2, StandardCharsets.ISO_8859_1)
            + "', expected 'IM' or 'MI'. It is no MATLAB file.");
  }

  private void element(byte[] file, ByteBuffer in, ByteArrayOutputStream out) {
    int start = in.position();
    int type = in.getInt();
    int size = in.getInt();
    if (size < 0 || size > in.remaining()) {
      throw corrupt(
          "the variable at byte "
              + start
              + " claims "
              + Integer.toUnsignedString(size)
              + " bytes, "
              + in.remaining()
              + " are left");
    }
    byte[] copy = Arrays.copyOfRange(file, start, start + 8 + size);
    ByteBuffer body = ByteBuffer.wrap(copy, 8, size).slice().order(order);
    in.position(in.position() + size);
    if (type == COMPRESSED) {
      byte[] expanded = inflate(body, start, MAX_BYTES - out.size());
      ByteBuffer inner = ByteBuffer.wrap(expanded).order(order);
      if (expanded.length < 8
          || inner.getInt() != MATRIX
          || inner.getInt() != expanded.length - 8) {
        throw corrupt("the compressed variable at byte " + start + " does not hold one matrix");
      }
      matrix(inner.slice().order(order), 0);
      out.write(expanded, 0, expanded.length);
    } else if (type == MATRIX) {
      matrix(body, 0);
      out.write(copy, 0, copy.length);
    } else {
      throw corrupt("the element at byte " + start + " is of type " + type + ", expected a matrix");
    }
  }

  private byte[] inflate(ByteBuffer body, int start, long room) {
    Inflater inflater = new Inflater();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      inflater.setInput(body);
      byte[] block = new byte[1 << 16];
      while (!inflater.finished()) {
        int n = inflater.inflate(block);
        if (n == 0 && !inflater.finished()) {
          throw corrupt("the compressed variable at byte " + start + " is cut off");
        }
        out.write(block, 0, n);
        if (out.size() > room) {
          throw new UnsupportedDataException(
              "reading "
                  + name
                  + ": its variables are larger than "
                  + MAX_BYTES
                  + " bytes. Save the ones you need to a file of their own.");
        }
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new CorruptDataException(
          "reading "
              + name
              + ": the compressed variable at byte "
              + start
              + " does not expand ("
              + e.getMessage()
              + "). Get the file again.",
          e);
    } finally {
      inflater.end();
    }
  }

  /** One sub-element: its type and its bytes. */
  private record Part(int type, ByteBuffer bytes) {}

  private Part part(ByteBuffer in) {
    if (in.remaining() < 8) {
      throw corrupt("a matrix ends within a tag");
    }
    int first = in.getInt();
    int small = first >>> 16;
    if (small != 0) {
      if (small > 4) {
        throw corrupt("a small element claims " + small + " bytes, at most 4 fit");
      }
      ByteBuffer bytes = in.slice(in.position(), small).order(order);
      in.position(in.position() + 4);
      return new Part(first & 0xffff, bytes);
    }
    int size = in.getInt();
    if (size < 0 || size > in.remaining()) {
      throw corrupt(
          "an element claims "
              + Integer.toUnsignedString(size)
              + " bytes, "
              + in.remaining()
              + " are left in its matrix");
    }
    ByteBuffer bytes = in.slice(in.position(), size).order(order);
    // Elements are padded to 8 bytes; the last of a matrix may end without.
    in.position(Math.min(in.limit(), in.position() + (size + 7) / 8 * 8));
    return new Part(first, bytes);
  }

  private void matrix(ByteBuffer in, int depth) {
    if (depth > MAX_DEPTH) {
      throw corrupt("matrices are nested deeper than " + MAX_DEPTH);
    }
    if (!in.hasRemaining()) {
      return;
    }
    Part flags = part(in);
    if (flags.type() != UINT32 || flags.bytes().remaining() != 8) {
      throw corrupt("a matrix does not begin with its 8 bytes of flags");
    }
    int kind = flags.bytes().getInt() & 0xff;
    if (kind == OPAQUE) {
      rest(in, depth);
      return;
    }
    int at = in.position();
    Part sizes = part(in);
    long count = dimensions(sizes);
    retag(in, at, sizes.type(), UINT32, INT32);
    int labelAt = in.position();
    Part label = part(in);
    if (label.type() != INT8 && label.type() != 2 && label.type() != UTF8) {
      throw corrupt("the name of a matrix is of type " + label.type() + ", expected text");
    }
    retag(in, labelAt, label.type(), UTF8, INT8);
    switch (kind) {
      case CELL -> nested(in, count, depth);
      case STRUCT -> nested(in, Math.multiplyExact(count, fields(in)), depth);
      case OBJECT -> {
        part(in);
        nested(in, Math.multiplyExact(count, fields(in)), depth);
      }
      case FUNCTION -> rest(in, depth);
      default -> numbers(in, kind, count);
    }
  }

  /**
   * Some writers tag sizes as unsigned and names as UTF-8; the library insists on the usual tag.
   */
  private static void retag(ByteBuffer in, int at, int found, int from, int to) {
    if (found == from) {
      in.putInt(at, (in.getInt(at) & ~0xffff) | to);
    }
  }

  private long dimensions(Part part) {
    ByteBuffer bytes = part.bytes();
    if ((part.type() != INT32 && part.type() != UINT32)
        || bytes.remaining() % 4 != 0
        || bytes.remaining() < 8
        || bytes.remaining() > 4 * 32) {
      throw corrupt(
          "the sizes of a matrix are " + bytes.remaining() + " bytes of type " + part.type());
    }
    long count = 1;
    while (bytes.hasRemaining()) {
      int size = bytes.getInt();
      if (size < 0) {
        throw corrupt("a matrix has the size " + size);
      }
      count *= size;
      if (count > Integer.MAX_VALUE) {
        throw corrupt("a matrix claims more than 2^31 elements");
      }
    }
    return count;
  }

  private int fields(ByteBuffer in) {
    Part width = part(in);
    if (width.type() != INT32 || width.bytes().remaining() != 4) {
      throw corrupt("the length of field names is not one number");
    }
    int length = width.bytes().getInt();
    int bytes = part(in).bytes().remaining();
    if (length <= 0 ? bytes > 0 : bytes % length != 0) {
      throw corrupt("field names are " + bytes + " bytes of names of " + length);
    }
    return length <= 0 ? 0 : bytes / length;
  }

  private void nested(ByteBuffer in, long count, int depth) {
    if (count > in.remaining() / 8) {
      throw corrupt(
          "a matrix claims " + count + " nested values, " + in.remaining() + " bytes are left");
    }
    for (long i = 0; i < count; i++) {
      Part part = part(in);
      if (part.type() != MATRIX) {
        throw corrupt("a nested value is of type " + part.type() + ", expected a matrix");
      }
      matrix(part.bytes(), depth + 1);
    }
  }

  private void rest(ByteBuffer in, int depth) {
    while (in.remaining() >= 8) {
      Part part = part(in);
      if (part.type() == MATRIX) {
        matrix(part.bytes(), depth + 1);
      }
    }
  }

  private void numbers(ByteBuffer in, int kind, long count) {
    if (kind == 0 || kind > OPAQUE) {
      throw corrupt("a matrix is of the unknown class " + kind);
    }
    if (kind == SPARSE) {
      if (count > MAX_BYTES / 8) {
        throw new UnsupportedDataException(
            "reading " + name + ": a sparse matrix of " + count + " elements is not read.");
      }
      rest(in, MAX_DEPTH);
      return;
    }
    while (in.remaining() >= 8) {
      Part part = part(in);
      int width = width(part.type());
      // Text in UTF-8 has as many bytes as it needs; numbers have one each.
      if (kind != 4 && part.bytes().remaining() != count * width) {
        throw corrupt(
            "a matrix of "
                + count
                + " elements holds "
                + part.bytes().remaining()
                + " bytes of "
                + width
                + " each");
      }
    }
  }

  private int width(int type) {
    return switch (type) {
      case 1, 2, 16 -> 1;
      case 3, 4, 17 -> 2;
      case 5, 6, 7, 18 -> 4;
      case 9, 12, 13 -> 8;
      default -> throw corrupt("numbers are of the unknown type " + type);
    };
  }

  private CorruptDataException corrupt(String found) {
    return new CorruptDataException(
        "reading " + name + ": " + found + ". The MATLAB file is damaged; get it again.");
  }
}
