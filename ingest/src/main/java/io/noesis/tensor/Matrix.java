package io.noesis.tensor;

import io.noesis.run.Check;

/**
 * A flat row-major {@code double[]} matrix for numerical kernels (GLM, ridge), which need 64 bits.
 * What leaves such a kernel is a float32 {@link Tensor}.
 */
public final class Matrix {
  private final int rows;
  private final int columns;
  private final double[] values;

  private Matrix(int rows, int columns, double[] values) {
    Check.argument(rows >= 0 && columns >= 0, "a matrix cannot be %d x %d", rows, columns);
    Check.size(
        "values of a " + rows + " x " + columns + " matrix", (long) rows * columns, values.length);
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  /** A matrix of the given row-major values without copying: the caller gives the array away. */
  public static Matrix wrap(int rows, int columns, double[] values) {
    return new Matrix(rows, columns, values);
  }

  /** A matrix of zeros. */
  public static Matrix zeros(int rows, int columns) {
    return new Matrix(rows, columns, new double[Math.multiplyExact(rows, columns)]);
  }

  /** A tensor of rank 2 in 64 bits. */
  public static Matrix of(Tensor tensor) {
    Check.argument(tensor.shape().rank() == 2, "a matrix needs rank 2, found %s", tensor.shape());
    double[] out = new double[tensor.size()];
    float[] in = tensor.array();
    for (int i = 0; i < out.length; i++) {
      out[i] = in[i];
    }
    return new Matrix(tensor.dim(0), tensor.dim(1), out);
  }

  /** The matrix in 32 bits, {@code [rows, columns]}. */
  public Tensor toTensor() {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return Tensor.wrap(out, rows, columns);
  }

  /** How many rows. */
  public int rows() {
    return rows;
  }

  /** How many columns. */
  public int columns() {
    return columns;
  }

  /** One element. */
  public double at(int row, int column) {
    return values[row * columns + column];
  }

  /** The live row-major values; writable by the kernel that owns the matrix. */
  public double[] array() {
    return values;
  }

  /** The rows in the order asked for, copied. */
  public Matrix rows(int[] which) {
    double[] out = new double[Math.multiplyExact(which.length, columns)];
    for (int r = 0; r < which.length; r++) {
      System.arraycopy(values, which[r] * columns, out, r * columns, columns);
    }
    return new Matrix(which.length, columns, out);
  }

  /** Rows and columns exchanged, copied. */
  public Matrix transpose() {
    double[] out = new double[values.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        out[c * rows + r] = values[r * columns + c];
      }
    }
    return new Matrix(columns, rows, out);
  }

  @Override
  public String toString() {
    return "Matrix[" + rows + ", " + columns + "]";
  }
}
