package io.noesis.tensor;

import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Reads the values of one {@code .npy} array after its header, in C order whatever the file's. */
final class NpyReader {
  private final Source source;
  private final NpyHeader header;

  NpyReader(Source source) {
    this.source = source;
    this.header = NpyHeaderText.read(source);
  }

  NpyHeader header() {
    return header;
  }

  Tensor floats() {
    Shape shape = memoryShape();
    float[] values = elements(shape).floats();
    if (isReordered(shape)) {
      float[] out = new float[values.length];
      walk(shape, (from, to) -> out[to] = values[from]);
      return Tensor.wrap(out, shape.toArray());
    }
    return Tensor.wrap(values, shape.toArray());
  }

  DoubleArray doubles() {
    Shape shape = memoryShape();
    double[] values = elements(shape).doubles();
    if (isReordered(shape)) {
      double[] out = new double[values.length];
      walk(shape, (from, to) -> out[to] = values[from]);
      return DoubleArray.wrap(out, shape);
    }
    return DoubleArray.wrap(values, shape);
  }

  LongArray longs() {
    Shape shape = memoryShape();
    long[] values = elements(shape).longs();
    if (isReordered(shape)) {
      long[] out = new long[values.length];
      walk(shape, (from, to) -> out[to] = values[from]);
      return LongArray.wrap(out, shape);
    }
    return LongArray.wrap(values, shape);
  }

  /** The texts in C order, without the zeros that pad them. */
  List<String> strings() {
    if (!header.isText()) {
      throw new UnsupportedDataException(
          "reading "
              + source.name()
              + " as texts: its elements are '"
              + header.descr()
              + "'; expected 'U' or 'S'. Read it as numbers, or convert it: numpy.save(path, array.astype(str))");
    }
    Shape shape = memoryShape();
    int length = textLength();
    if (shape.size() == 0) {
      return List.of();
    }
    String[] values = new String[shape.size()];
    boolean wide = header.descr().contains("U");
    ByteBuffer bytes = ByteBuffer.allocate(wide ? 4 * length : length).order(header.byteOrder());
    for (int i = 0; i < values.length; i++) {
      bytes.clear();
      source.read(header.dataOffset() + (long) i * bytes.capacity(), bytes, "texts");
      bytes.flip();
      values[i] = wide ? utf32(bytes, i) : utf8(bytes, i);
    }
    if (!isReordered(shape)) {
      return List.of(values);
    }
    String[] out = new String[values.length];
    walk(shape, (from, to) -> out[to] = values[from]);
    return List.of(out);
  }

  /** The numbers of the file in its own order. */
  private Elements elements(Shape shape) {
    DType dtype = requireNumbers(source.name(), header);
    return new Elements(source, header.dataOffset(), dtype, header.byteOrder(), shape.size());
  }

  static DType requireNumbers(String name, NpyHeader header) {
    return header
        .dtype()
        .orElseThrow(() -> new UnsupportedDataException(unsupported(name, header.descr())));
  }

  private static String unsupported(String name, String descr) {
    String kind = descr.replaceFirst("^[<>|=]", "");
    String found = "reading " + name + ": its elements are '" + descr + "'";
    if (kind.startsWith("O")) {
      return found
          + " (pickled Python objects), which are never executed here. Convert it in Python: numpy.save('converted.npy', numpy.array(numpy.load(path, allow_pickle=True).tolist(), dtype='float32'))";
    }
    if (kind.startsWith("c")) {
      return found
          + " (complex numbers), which are not supported. Convert it in Python: numpy.save('real.npy', a.real) and numpy.save('imaginary.npy', a.imag)";
    }
    if (kind.startsWith("U") || kind.startsWith("S")) {
      return found
          + " (texts), where numbers are expected. Use it where texts are expected, or convert it: numpy.save('converted.npy', a.astype('float32'))";
    }
    return found
        + ", which is not supported; expected b1, i1 to i8, u1 to u8, f2, f4 or f8. Convert it in Python: numpy.save('converted.npy', a.astype('float32')), one array for each field of a structure";
  }

  /** The shape, once the file is known to hold that many elements and memory can. */
  private Shape memoryShape() {
    long each = header.dtype().map(d -> (long) d.bytes()).orElseGet(this::textBytes);
    requireSize(source, header, each);
    long elements = header.elements();
    // Elements of no bytes (U0) would let a small file claim any number of them.
    if (elements > Integer.MAX_VALUE - 8 || (each == 0 && elements > source.size())) {
      throw tooLarge();
    }
    int[] sizes = new int[header.shape().size()];
    long product = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      product *= Math.max(1, header.shape().get(axis));
      if (product > Integer.MAX_VALUE) {
        throw tooLarge();
      }
      sizes[axis] = header.shape().get(axis).intValue();
    }
    return Shape.of(sizes);
  }

  private DataException tooLarge() {
    return new UnsupportedDataException(
        "reading "
            + source.name()
            + " into memory: its shape "
            + header.shape()
            + " has more than 2^31 elements. Read it by rows, or split it.");
  }

  static void requireSize(Source source, NpyHeader header, long bytesEach) {
    long available = Math.max(0, source.size() - header.dataOffset());
    long fit = bytesEach == 0 ? Long.MAX_VALUE : available / bytesEach;
    if (header.elements() > fit) {
      throw new CorruptDataException(
          "reading "
              + source.name()
              + ": shape "
              + header.shape()
              + " of '"
              + header.descr()
              + "' needs "
              + header.elements()
              + " x "
              + bytesEach
              + " bytes after the header, found "
              + available
              + ". It is truncated: copy or make it again.");
    }
  }

  private long textBytes() {
    if (!header.isText()) {
      throw new UnsupportedDataException(unsupported(source.name(), header.descr()));
    }
    return header.descr().contains("U") ? 4L * textLength() : textLength();
  }

  /** Characters of each text; eight digits keep the bytes of one text below 2^31. */
  private int textLength() {
    String digits = header.descr().replaceFirst("^[<>|=]?[US]0*", "");
    if (digits.length() > 8) {
      throw new CorruptDataException(
          "reading "
              + source.name()
              + ": texts of type '"
              + header.descr()
              + "'; expected fewer than 10^8 characters. It is damaged: make it again.");
    }
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private boolean isReordered(Shape shape) {
    return header.order() == ArrayOrder.FORTRAN && shape.rank() > 1;
  }

  private interface Move {
    void element(int from, int to);
  }

  /** Visits a Fortran-ordered file front to back, with the place of each element in C order. */
  private static void walk(Shape shape, Move move) {
    int rank = shape.rank();
    int[] strides = new int[rank];
    int stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, shape.dim(axis));
    }
    int[] index = new int[rank];
    int to = 0;
    for (int from = 0; from < shape.size(); from++) {
      move.element(from, to);
      for (int axis = 0; axis < rank; axis++) {
        to += strides[axis];
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        to -= strides[axis] * index[axis];
        index[axis] = 0;
      }
    }
  }

  private String utf32(ByteBuffer bytes, int element) {
    StringBuilder text = new StringBuilder();
    int length = bytes.limit() / 4;
    while (length > 0 && bytes.getInt(4 * (length - 1)) == 0) {
      length--;
    }
    for (int i = 0; i < length; i++) {
      int point = bytes.getInt(4 * i);
      if (!Character.isValidCodePoint(point)) {
        throw badText(element, "U+" + Integer.toHexString(point));
      }
      text.appendCodePoint(point);
    }
    return text.toString();
  }

  private String utf8(ByteBuffer bytes, int element) {
    byte[] raw = new byte[bytes.remaining()];
    bytes.get(raw);
    int length = raw.length;
    while (length > 0 && raw[length - 1] == 0) {
      length--;
    }
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw, 0, length));
      return text.toString();
    } catch (CharacterCodingException e) {
      throw badText(element, Arrays.toString(Arrays.copyOf(raw, Math.min(8, length))));
    }
  }

  private DataException badText(int element, String found) {
    return new CorruptDataException(
        "reading "
            + source.name()
            + ": text "
            + element
            + " (in file order) holds "
            + found
            + ", which is no character in "
            + (header.descr().contains("U") ? "Unicode" : "UTF-8")
            + ". Write the texts again as str arrays: numpy.save(path, array.astype(str))");
  }
}
