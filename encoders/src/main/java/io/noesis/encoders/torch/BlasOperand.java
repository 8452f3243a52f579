package io.noesis.encoders.torch;

import io.noesis.run.Parallel;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * A row-major copy of a matrix outside the heap, itself or (as BLAS reads it) transposed, in one
 * floating point type. Closed by the method that made it.
 */
final class BlasOperand implements AutoCloseable {
  /** Elements copied by one task: small against the second cache. */
  private static final int CHUNK = 1 << 15;

  private final int storedRows;
  private final int storedColumns;
  private final boolean transposed;
  private final Pointer memory;

  private BlasOperand(int rows, int columns, boolean transposed, Precision precision) {
    this.storedRows = rows;
    this.storedColumns = columns;
    this.transposed = transposed;
    long size = Math.max(1, (long) rows * columns);
    this.memory = precision == Precision.FLOAT32 ? new FloatPointer(size) : new DoublePointer(size);
  }

  static BlasOperand of(Matrix m, Precision precision) {
    return new BlasOperand(m.rows(), m.columns(), false, precision).fill(m.array());
  }

  static BlasOperand transposed(Matrix m, Precision precision) {
    return new BlasOperand(m.rows(), m.columns(), true, precision).fill(m.array());
  }

  static BlasOperand of(Tensor t, Precision precision) {
    return new BlasOperand(t.dim(0), t.dim(1), false, precision).fill(t.array());
  }

  /** The same memory read the other way round; only the first of the two is closed. */
  BlasOperand flipped() {
    return new BlasOperand(this);
  }

  private BlasOperand(BlasOperand other) {
    this.storedRows = other.storedRows;
    this.storedColumns = other.storedColumns;
    this.transposed = !other.transposed;
    this.memory = other.memory;
  }

  int rows() {
    return transposed ? storedColumns : storedRows;
  }

  int columns() {
    return transposed ? storedRows : storedColumns;
  }

  Precision precision() {
    return memory instanceof FloatPointer ? Precision.FLOAT32 : Precision.FLOAT64;
  }

  private BlasOperand fill(double[] values) {
    Parallel.forBlocks(
        values.length,
        CHUNK,
        (from, to) -> {
          if (memory instanceof DoublePointer doubles) {
            doubles.getPointer(from).put(values, from, to - from);
          } else if (memory instanceof FloatPointer floats) {
            float[] rounded = new float[to - from];
            for (int i = from; i < to; i++) {
              rounded[i - from] = (float) values[i];
            }
            floats.getPointer(from).put(rounded, 0, to - from);
          }
        });
    return this;
  }

  private BlasOperand fill(float[] values) {
    Parallel.forBlocks(
        values.length,
        CHUNK,
        (from, to) -> {
          if (memory instanceof FloatPointer floats) {
            floats.getPointer(from).put(values, from, to - from);
          } else if (memory instanceof DoublePointer doubles) {
            double[] wide = new double[to - from];
            for (int i = from; i < to; i++) {
              wide[i - from] = values[i];
            }
            doubles.getPointer(from).put(wide, 0, to - from);
          }
        });
    return this;
  }

  private int layout() {
    return transposed ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans;
  }

  private long place(int row, int column) {
    return transposed ? (long) column * storedColumns + row : (long) row * storedColumns + column;
  }

  /**
   * A tile of a product.
   *
   * @param depth where sums start: columns of A and rows of B before it are left out
   */
  record Place(int row, int height, int column, int width, int depth) {
    /** Where it starts in a row-major product with so many columns. */
    int start(int columns) {
      return row * columns + column;
    }

    int size() {
      return height * width;
    }
  }

  /**
   * One tile of A·B on the calling thread, as float64.
   *
   * @param into its rows are written from {@code start} on, {@code stride} apart
   */
  static void tile(
      BlasOperand a, BlasOperand b, Place place, double[] into, int start, int stride) {
    int width = place.width();
    if (a.memory instanceof FloatPointer) {
      float[] narrow = new float[place.size()];
      roundedTile(a, b, place, narrow, 0, width);
      for (int r = 0, i = 0; r < place.height(); r++) {
        for (int c = 0, o = start + r * stride; c < width; c++) {
          into[o++] = narrow[i++];
        }
      }
      return;
    }
    try (DoublePointer c = product(a, b, place)) {
      for (int r = 0; r < place.height(); r++) {
        c.position((long) r * width).get(into, start + r * stride, width);
      }
      c.position(0);
    }
  }

  /**
   * One tile of A·B on the calling thread, rounded to float32.
   *
   * @param into its rows are written from {@code start} on, {@code stride} apart
   */
  static void roundedTile(
      BlasOperand a, BlasOperand b, Place place, float[] into, int start, int stride) {
    int width = place.width();
    if (a.memory instanceof DoublePointer) {
      double[] wide = new double[place.size()];
      tile(a, b, place, wide, 0, width);
      for (int r = 0, i = 0; r < place.height(); r++) {
        for (int c = 0, o = start + r * stride; c < width; c++) {
          into[o++] = (float) wide[i++];
        }
      }
      return;
    }
    try (FloatPointer c = new FloatPointer(place.size())) {
      openblas_nolapack.cblas_sgemm(
          openblas_nolapack.CblasRowMajor,
          a.layout(),
          b.layout(),
          place.height(),
          width,
          a.columns() - place.depth(),
          1f,
          (FloatPointer) a.from(place.row(), place.depth()),
          a.storedColumns,
          (FloatPointer) b.from(place.depth(), place.column()),
          b.storedColumns,
          0f,
          c,
          width);
      for (int r = 0; r < place.height(); r++) {
        c.position((long) r * width).get(into, start + r * stride, width);
      }
      c.position(0);
    }
  }

  private static DoublePointer product(BlasOperand a, BlasOperand b, Place place) {
    DoublePointer c = new DoublePointer(place.size());
    openblas_nolapack.cblas_dgemm(
        openblas_nolapack.CblasRowMajor,
        a.layout(),
        b.layout(),
        place.height(),
        place.width(),
        a.columns() - place.depth(),
        1.0,
        (DoublePointer) a.from(place.row(), place.depth()),
        a.storedColumns,
        (DoublePointer) b.from(place.depth(), place.column()),
        b.storedColumns,
        0.0,
        c,
        place.width());
    return c;
  }

  private Pointer from(int row, int column) {
    return memory.getPointer(place(row, column));
  }

  @Override
  public void close() {
    memory.close();
  }
}
