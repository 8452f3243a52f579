package io.noesis.tensor;

import io.noesis.run.Check;
import java.util.Arrays;

/** A row-major array of int64 numbers of any rank, for files whose values float32 cannot hold. */
public final class LongArray {
  private final Shape shape;
  private final long[] values;

  private LongArray(Shape shape, long[] values) {
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
  public static LongArray wrap(long[] values, int... sizes) {
    return new LongArray(Shape.of(sizes), values);
  }

  static LongArray wrap(long[] values, Shape shape) {
    return new LongArray(shape, values);
  }

  /** The sizes of the axes. */
  public Shape shape() {
    return shape;
  }

  /** The live row-major values: read, never write. */
  public long[] array() {
    return values;
  }

  /** Equal when shape and all values are equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LongArray a && shape.equals(a.shape) && Arrays.equals(values, a.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "LongArray" + shape;
  }
}
