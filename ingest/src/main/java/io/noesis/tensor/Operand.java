package io.noesis.tensor;

/** A matrix, float32 or float64, itself or transposed, as {@link Product} reads it: by blocks. */
abstract class Operand {
  /** Rows read together where the storage runs across them, so that cache lines are used up. */
  private static final int BLOCK = 256;

  private final int rows;
  private final int columns;
  private final boolean transposed;

  private Operand(int rows, int columns, boolean transposed) {
    this.rows = rows;
    this.columns = columns;
    this.transposed = transposed;
  }

  static Operand of(Matrix m) {
    return new OfDoubles(m.array(), m.rows(), m.columns(), false);
  }

  static Operand transposed(Matrix m) {
    return new OfDoubles(m.array(), m.columns(), m.rows(), true);
  }

  static Operand of(Tensor t) {
    return new OfFloats(t.array(), t.dim(0), t.dim(1), false);
  }

  static Operand transposed(Tensor t) {
    return new OfFloats(t.array(), t.dim(1), t.dim(0), true);
  }

  final int rows() {
    return rows;
  }

  final int columns() {
    return columns;
  }

  /** Copies {@code count} stored neighbours from {@code at} to every {@code step}-th place. */
  abstract void copy(int at, int count, double[] into, int to, int step);

  /** Copies {@code count} stored neighbours to column {@code column} of successive rows. */
  abstract void scatter(int at, int count, double[][] into, int row, int column);

  /** Copies a block of the matrix to row-major {@code into} with rows {@code stride} apart. */
  final void read(int row, int height, int column, int width, double[] into, int stride) {
    if (transposed) {
      for (int c = 0; c < width; c++) {
        copy((column + c) * rows + row, height, into, c, stride);
      }
    } else {
      for (int r = 0; r < height; r++) {
        copy((row + r) * columns + column, width, into, r * stride, 1);
      }
    }
  }

  /** Copies a block of the matrix to separate rows. */
  final void read(int row, int height, int column, int width, double[][] into) {
    if (!transposed) {
      for (int r = 0; r < height; r++) {
        copy((row + r) * columns + column, width, into[r], 0, 1);
      }
      return;
    }
    for (int r = 0; r < height; r += BLOCK) {
      for (int c = 0; c < width; c++) {
        scatter((column + c) * rows + row + r, Math.min(BLOCK, height - r), into, r, c);
      }
    }
  }

  private static final class OfDoubles extends Operand {
    private final double[] values;

    OfDoubles(double[] values, int rows, int columns, boolean transposed) {
      super(rows, columns, transposed);
      this.values = values;
    }

    @Override
    void copy(int at, int count, double[] into, int to, int step) {
      if (step == 1) {
        System.arraycopy(values, at, into, to, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        into[to + i * step] = values[at + i];
      }
    }

    @Override
    void scatter(int at, int count, double[][] into, int row, int column) {
      for (int i = 0; i < count; i++) {
        into[row + i][column] = values[at + i];
      }
    }
  }

  private static final class OfFloats extends Operand {
    private final float[] values;

    OfFloats(float[] values, int rows, int columns, boolean transposed) {
      super(rows, columns, transposed);
      this.values = values;
    }

    @Override
    void copy(int at, int count, double[] into, int to, int step) {
      for (int i = 0; i < count; i++) {
        into[to + i * step] = values[at + i];
      }
    }

    @Override
    void scatter(int at, int count, double[][] into, int row, int column) {
      for (int i = 0; i < count; i++) {
        into[row + i][column] = values[at + i];
      }
    }
  }
}
