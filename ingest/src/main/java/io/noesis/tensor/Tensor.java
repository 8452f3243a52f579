package io.noesis.tensor;

import io.noesis.run.Check;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * A flat row-major {@code float[]} on the heap with a {@link Shape}; no views, no strides. Treated
 * as immutable: operations return new tensors. {@link #array()} gives the live values for kernels
 * and writers, which may read but not write them.
 */
public final class Tensor {
  private final Shape shape;
  private final float[] values;

  private Tensor(Shape shape, float[] values) {
    Check.argument(
        shape.size() == values.length,
        "a tensor of shape %s needs %d values, found %d",
        shape,
        shape.size(),
        values.length);
    this.shape = shape;
    this.values = values;
  }

  /**
   * Makes a tensor of the given values without copying: the caller gives the array away.
   *
   * @param values row-major values, owned by the tensor from now on
   * @param sizes the axes, slowest first
   * @return the tensor
   */
  public static Tensor wrap(float[] values, int... sizes) {
    return new Tensor(Shape.of(sizes), values);
  }

  /**
   * A tensor of zeros.
   *
   * @param sizes the axes, slowest first
   * @return the tensor
   */
  public static Tensor zeros(int... sizes) {
    Shape shape = Shape.of(sizes);
    return new Tensor(shape, new float[shape.size()]);
  }

  /** The sizes of the axes. */
  public Shape shape() {
    return shape;
  }

  /** The size of one axis; negative counts from the end. */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  /** How many elements. */
  public int size() {
    return values.length;
  }

  /** The live row-major values: read, never write. */
  public float[] array() {
    return values;
  }

  /**
   * One element.
   *
   * @param index one index per axis
   * @return its value
   */
  public float at(int... index) {
    if (index.length != shape.rank()) {
      Check.size("indices of a tensor of shape " + shape, shape.rank(), index.length);
    }
    int flat = 0;
    for (int axis = 0; axis < index.length; axis++) {
      int size = shape.dim(axis);
      // Messages are made for wrong indices only: this is called for every element.
      if (index[axis] < 0 || index[axis] >= size) {
        throw new IllegalArgumentException(
            "index " + Arrays.toString(index) + " is outside a tensor of shape " + shape);
      }
      flat = flat * size + index[axis];
    }
    return values[flat];
  }

  /**
   * A copy of row {@code i} of the first axis, flattened.
   *
   * @param i which row
   * @return a new array
   */
  public float[] row(int i) {
    int width = rowWidth();
    Check.argument(i >= 0 && i < dim(0), "row %d is outside a tensor of shape %s", i, shape);
    return Arrays.copyOfRange(values, i * width, (i + 1) * width);
  }

  /**
   * The rows of the first axis in the order asked for; a row may be asked for more than once.
   *
   * @param rows which rows
   * @return a new tensor {@code [rows.length, ...]}
   */
  public Tensor rows(int[] rows) {
    int width = rowWidth();
    int[] sizes = shape.toArray();
    sizes[0] = rows.length;
    float[] out = new float[Shape.of(sizes).size()];
    for (int r = 0; r < rows.length; r++) {
      Check.argument(
          rows[r] >= 0 && rows[r] < dim(0),
          "row %d is outside a tensor of shape %s",
          rows[r],
          shape);
      System.arraycopy(values, rows[r] * width, out, r * width, width);
    }
    return wrap(out, sizes);
  }

  /**
   * The same values under another shape of the same size.
   *
   * @param sizes the new axes, slowest first
   * @return a new tensor that shares the values
   */
  public Tensor reshape(int... sizes) {
    return new Tensor(Shape.of(sizes), values);
  }

  /**
   * Rows and columns exchanged, of a matrix.
   *
   * @return a new tensor {@code [columns, rows]}
   */
  public Tensor transpose() {
    Check.argument(shape.rank() == 2, "transpose needs a matrix, found shape %s", shape);
    int rows = dim(0);
    int columns = dim(1);
    float[] out = new float[values.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        out[c * rows + r] = values[r * columns + c];
      }
    }
    return wrap(out, columns, rows);
  }

  /**
   * A function applied to every element, computed in double.
   *
   * @param function the function
   * @return a new tensor of the same shape
   */
  public Tensor map(DoubleUnaryOperator function) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) function.applyAsDouble(values[i]);
    }
    return new Tensor(shape, out);
  }

  /**
   * Tensors put below each other along the first axis.
   *
   * @param parts at least one; all axes but the first must agree
   * @return a new tensor
   */
  public static Tensor concatenate(Tensor... parts) {
    Check.argument(parts.length > 0, "nothing to concatenate");
    int[] sizes = parts[0].shape.toArray();
    int rows = 0;
    for (Tensor part : parts) {
      int[] other = part.shape.toArray();
      Check.argument(
          other.length == sizes.length
              && Arrays.equals(other, 1, other.length, sizes, 1, sizes.length),
          "concatenating along the first axis: shapes %s and %s differ in another axis",
          parts[0].shape,
          part.shape);
      rows = Math.addExact(rows, other[0]);
    }
    sizes[0] = rows;
    float[] out = new float[Shape.of(sizes).size()];
    int at = 0;
    for (Tensor part : parts) {
      System.arraycopy(part.values, 0, out, at, part.values.length);
      at += part.values.length;
    }
    return wrap(out, sizes);
  }

  private int rowWidth() {
    Check.argument(shape.rank() >= 1, "a tensor of rank 0 has no rows");
    return dim(0) == 0 ? 0 : values.length / dim(0);
  }

  /** Equal when shape and all bits are equal (NaN equals NaN). */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor t && shape.equals(t.shape) && Arrays.equals(values, t.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Tensor" + shape;
  }
}
