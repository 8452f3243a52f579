package io.noesis.tensor;

import io.noesis.run.Check;
import java.util.Arrays;

/** A row-major array of float64 numbers of any rank, for files whose values float32 cannot hold. */
public final class DoubleArray {
  private final Shape shape;
  private final double[] values;

  private DoubleArray(Shape shape, double[] values) {
    Check.size("values of an array of shape " + shape, shape.size(), values.length);
    this.shape = shape;
    this.values = values;
  }

  /**
   * Makes an array of the given values without copying: the caller gives them away.
   *
   * @param values row-major values, owned by the array from now on
   * @param sizes the axes, slowest first
   * @return the array
   */
  public static DoubleArray wrap(double[] values, int... sizes) {
    return new DoubleArray(Shape.of(sizes), values);
  }

  static DoubleArray wrap(double[] values, Shape shape) {
    return new DoubleArray(shape, values);
  }

  /** The sizes of the axes. */
  public Shape shape() {
    return shape;
  }

  /** The live row-major values: read, never write. */
  public double[] array() {
    return values;
  }

  /** Equal when shape and all values are equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof DoubleArray a
        && shape.equals(a.shape)
        && Arrays.equals(values, a.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "DoubleArray" + shape;
  }
}
