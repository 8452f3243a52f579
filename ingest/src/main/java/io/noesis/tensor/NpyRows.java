package io.noesis.tensor;

import io.noesis.run.Check;
import io.noesis.run.Parallel;
import io.noesis.run.UnsupportedDataException;
import java.io.Closeable;
import java.nio.file.Path;

/**
 * Rows of the first axis of an {@code .npy} file that may be larger than memory: each call reads
 * only the rows asked for, by position. Threads may share it; whoever opened it closes it.
 */
public final class NpyRows implements Closeable {
  private final Source source;
  private final NpyHeader header;
  private final DType dtype;
  private final int rows;
  private final int[] rowSizes;
  private final int width;

  private NpyRows(Source source) {
    this.source = source;
    this.header = NpyHeaderText.read(source);
    this.dtype = NpyReader.requireNumbers(source.name(), header);
    NpyReader.requireSize(source, header, dtype.bytes());
    int rank = header.shape().size();
    if (rank == 0 || (header.order() == ArrayOrder.FORTRAN && rank > 1)) {
      throw new UnsupportedDataException(
          "reading rows of "
              + source.name()
              + ": shape "
              + header.shape()
              + (rank == 0 ? " has no rows" : " lies in Fortran order, row by row in pieces")
              + ". Convert it in Python: numpy.save('converted.npy', numpy.ascontiguousarray(numpy.load(path, mmap_mode='r')))");
    }
    this.rowSizes = new int[rank - 1];
    long product = 1;
    for (int axis = 0; axis < rank; axis++) {
      long size = header.shape().get(axis);
      product = axis == 0 ? 1 : product * Math.max(1, size);
      if (size > Integer.MAX_VALUE || product > Integer.MAX_VALUE) {
        throw new UnsupportedDataException(
            "reading rows of "
                + source.name()
                + ": shape "
                + header.shape()
                + " has more than 2^31 rows or elements in a row. Split it.");
      }
      if (axis > 0) {
        rowSizes[axis - 1] = (int) size;
      }
    }
    this.rows = header.shape().get(0).intValue();
    this.width = Shape.of(rowSizes).size();
  }

  /**
   * Opens a file.
   *
   * @param file an {@code .npy} file of numbers in C order
   * @return its rows; to be closed by the caller
   * @throws io.noesis.run.CorruptDataException when it is damaged or shorter than it claims
   * @throws UnsupportedDataException when its elements or their order cannot be read by rows
   */
  public static NpyRows open(Path file) {
    return open(Source.file(file));
  }

  static NpyRows open(Source source) {
    try {
      return new NpyRows(source);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** What the file says about itself. */
  public NpyHeader header() {
    return header;
  }

  /** How many rows. */
  public int rows() {
    return rows;
  }

  /** How many elements a row has. */
  public int width() {
    return width;
  }

  /**
   * Reads rows in the order asked for; neighbours in the file are read together.
   *
   * @param which row numbers; a row may be asked for more than once
   * @return {@code [which.length, ...]}, a new tensor
   * @throws IllegalArgumentException when a row is outside the file
   */
  public Tensor read(int[] which) {
    int[] sizes = sizes(which.length);
    float[] out = new float[Shape.of(sizes).size()];
    for (int from = 0; from < which.length; ) {
      int to = from + 1;
      while (to < which.length && which[to] == which[to - 1] + 1) {
        to++;
      }
      Check.argument(
          which[from] >= 0 && which[to - 1] < rows,
          "reading rows of %s: row %d is outside %s",
          source.name(),
          which[from] < 0 ? which[from] : which[to - 1],
          header.shape());
      float[] run = elements(which[from], to - from).floats();
      System.arraycopy(run, 0, out, from * width, run.length);
      from = to;
    }
    return Tensor.wrap(out, sizes);
  }

  /**
   * Reads neighbouring rows.
   *
   * @param from the first row
   * @param to one past the last
   * @return {@code [to - from, ...]}, a new tensor
   */
  public Tensor read(int from, int to) {
    Check.argument(
        0 <= from && from <= to && to <= rows,
        "reading rows of %s: rows %d to %d are outside %s",
        source.name(),
        from,
        to,
        header.shape());
    return Tensor.wrap(elements(from, to - from).floats(), sizes(to - from));
  }

  /**
   * Reads neighbouring elements of every row, without the rest of the rows.
   *
   * @param from the first element of each row
   * @param to one past the last
   * @return {@code [rows, to - from]}, a new tensor
   */
  public Tensor readColumns(int from, int to) {
    Check.argument(
        0 <= from && from <= to && to <= width,
        "reading columns of %s: columns %d to %d are outside %s",
        source.name(),
        from,
        to,
        header.shape());
    int count = to - from;
    float[] out = new float[Math.multiplyExact(rows, count)];
    Parallel.forBlocks(
        rows,
        64,
        (first, last) -> {
          for (int r = first; r < last; r++) {
            long position = header.dataOffset() + ((long) r * width + from) * dtype.bytes();
            float[] row = new Elements(source, position, dtype, header.byteOrder(), count).floats();
            System.arraycopy(row, 0, out, r * count, count);
          }
        });
    return Tensor.wrap(out, rows, count);
  }

  private Elements elements(int row, int count) {
    long position = header.dataOffset() + (long) row * width * dtype.bytes();
    return new Elements(
        source, position, dtype, header.byteOrder(), Math.multiplyExact(count, width));
  }

  private int[] sizes(int count) {
    int[] sizes = new int[rowSizes.length + 1];
    sizes[0] = count;
    System.arraycopy(rowSizes, 0, sizes, 1, rowSizes.length);
    return sizes;
  }

  @Override
  public void close() {
    source.close();
  }
}
