package io.noesis.tensor;

import io.noesis.run.CorruptDataException;
import io.noesis.run.UnsupportedDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses and writes the header of {@code .npy} files, versions 1.0 to 3.0 (numpy.lib.format): a
 * Python dictionary of three entries, read here as text and never evaluated.
 */
final class NpyHeaderText {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** A real header takes a few hundred bytes; NumPy itself stops at 10,000. */
  private static final int LONGEST = 1 << 16;

  /** NumPy's own limit of axes. */
  private static final int MOST_AXES = 64;

  /** Values begin at a multiple of this. */
  private static final int ALIGNMENT = 64;

  /** Blanks that NumPy leaves so that the first axis may grow in place. */
  private static final int GROWTH = 21;

  private final String name;
  private final String text;
  private int at;

  private NpyHeaderText(String name, String text) {
    this.name = name;
    this.text = text;
  }

  static NpyHeader read(Source source) {
    ByteBuffer start = ByteBuffer.allocate(8);
    source.read(0, start, "npy header");
    for (int i = 0; i < MAGIC.length; i++) {
      if (start.get(i) != MAGIC[i]) {
        throw new CorruptDataException(
            "reading "
                + source.name()
                + ": it does not begin with \\x93NUMPY, so it is no .npy file. Check the path, or make it again with numpy.save.");
      }
    }
    int major = start.get(6);
    int minor = start.get(7);
    if (major < 1 || major > 3 || minor != 0) {
      throw new UnsupportedDataException(
          "reading "
              + source.name()
              + ": npy format version "
              + (major & 0xff)
              + "."
              + (minor & 0xff)
              + "; expected 1.0, 2.0 or 3.0. Save it again with numpy.save.");
    }
    ByteBuffer field = ByteBuffer.allocate(major == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN);
    source.read(8, field, "npy header length");
    long length = major == 1 ? field.getShort(0) & 0xffff : field.getInt(0) & 0xffffffffL;
    if (length > LONGEST) {
      throw new CorruptDataException(
          "reading "
              + source.name()
              + ": its header claims "
              + length
              + " bytes; expected at most "
              + LONGEST
              + ". It is damaged: copy or make it again.");
    }
    int offset = 8 + field.capacity();
    ByteBuffer bytes = ByteBuffer.allocate((int) length);
    source.read(offset, bytes, "npy header");
    Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return new NpyHeaderText(source.name(), new String(bytes.array(), charset))
        .parse(offset + length);
  }

  private NpyHeader parse(long dataOffset) {
    String descr = null;
    ArrayOrder order = null;
    List<Long> shape = null;
    expect('{');
    while (!accept('}')) {
      String key = quoted();
      expect(':');
      if (key.equals("descr") && descr == null) {
        descr = descr();
      } else if (key.equals("fortran_order") && order == null) {
        order = truth();
      } else if (key.equals("shape") && shape == null) {
        shape = shape();
      } else {
        throw bad("an unexpected or repeated key '" + key + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipBlanks();
    if (at < text.length()) {
      throw bad("something after the dictionary");
    }
    if (descr == null || order == null || shape == null) {
      throw bad("no descr, fortran_order or shape");
    }
    return new NpyHeader(descr, order, shape, dataOffset);
  }

  /** A quoted type, or the raw text of the list that describes a structure. */
  private String descr() {
    skipBlanks();
    if (peek() != '[' && peek() != '(') {
      return quoted();
    }
    int from = at;
    int depth = 0;
    do {
      char c = next();
      if (c == '\'' || c == '"') {
        at--;
        quoted();
      } else if (c == '[' || c == '(') {
        depth++;
      } else if (c == ']' || c == ')') {
        depth--;
      }
    } while (depth > 0);
    return text.substring(from, at);
  }

  private ArrayOrder truth() {
    skipBlanks();
    if (text.startsWith("False", at)) {
      at += 5;
      return ArrayOrder.C;
    }
    if (text.startsWith("True", at)) {
      at += 4;
      return ArrayOrder.FORTRAN;
    }
    throw bad("fortran_order is neither True nor False");
  }

  private List<Long> shape() {
    List<Long> shape = new ArrayList<>();
    long product = 1;
    expect('(');
    while (!accept(')')) {
      long size = number();
      shape.add(size);
      try {
        product = Math.multiplyExact(product, Math.max(1, size));
      } catch (ArithmeticException e) {
        throw new CorruptDataException(
            "reading "
                + name
                + ": its shape "
                + shape
                + "... has more elements than 2^63. It is damaged: make it again.",
            e);
      }
      if (shape.size() > MOST_AXES) {
        throw bad("more than " + MOST_AXES + " axes");
      }
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  private long number() {
    skipBlanks();
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == from || at - from > 18) {
      throw bad("a shape that is not made of whole numbers");
    }
    long value = Long.parseLong(text.substring(from, at));
    // Python 2 wrote long integers as 3L.
    accept('L');
    return value;
  }

  private String quoted() {
    skipBlanks();
    char quote = next();
    if (quote != '\'' && quote != '"') {
      throw bad("no quoted text where one belongs");
    }
    int end = text.indexOf(quote, at);
    if (end < 0) {
      throw bad("a quote that is not closed");
    }
    String inside = text.substring(at, end);
    at = end + 1;
    return inside;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private char next() {
    if (at >= text.length()) {
      throw bad("an end before the dictionary is closed");
    }
    return text.charAt(at++);
  }

  private boolean accept(char c) {
    skipBlanks();
    if (peek() == c && at < text.length()) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw bad("no '" + c + "' where one belongs");
    }
  }

  private CorruptDataException bad(String found) {
    return new CorruptDataException(
        "reading the npy header of "
            + name
            + ": found "
            + found
            + " (character "
            + at
            + "); expected {'descr': ..., 'fortran_order': ..., 'shape': (...)}. It is damaged: copy or make it again.");
  }

  /** The header that NumPy would write for a C-ordered array, as bytes, version 1.0. */
  static byte[] bytes(String descr, Shape shape) {
    return bytes(descr, shape.toArray());
  }

  /** The header of sizes whose product may be beyond what memory holds. */
  static byte[] bytes(String descr, int... sizes) {
    StringBuilder text = new StringBuilder();
    text.append("{'descr': '").append(descr).append("', 'fortran_order': False, 'shape': (");
    for (int axis = 0; axis < sizes.length; axis++) {
      text.append(axis > 0 ? ", " : "").append(sizes[axis]);
    }
    text.append(sizes.length == 1 ? ",), }" : "), }");
    int growth = sizes.length == 0 ? 0 : GROWTH - Integer.toString(sizes[0]).length();
    text.append(" ".repeat(growth));
    int unpadded = MAGIC.length + 4 + text.length() + 1;
    text.append(" ".repeat((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT)).append('\n');
    ByteBuffer out =
        ByteBuffer.allocate(MAGIC.length + 4 + text.length()).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length());
    out.put(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    return out.array();
  }
}
