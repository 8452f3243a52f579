package io.noesis.tensor;

import io.noesis.run.Check;
import java.util.Arrays;

/** The sizes of a tensor's axes, slowest first: {@code [trials, voxels]}. Immutable. */
public final class Shape {
  private final int[] sizes;
  private final int size;

  private Shape(int[] sizes) {
    this.sizes = sizes;
    int product = 1;
    for (int s : sizes) {
      Check.argument(s >= 0, "a shape needs sizes of at least 0, found %s", Arrays.toString(sizes));
      try {
        product = Math.multiplyExact(product, s);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "a tensor of shape "
                + Arrays.toString(sizes)
                + " has more than 2^31-1 elements; stream its rows instead",
            e);
      }
    }
    this.size = product;
  }

  /**
   * @param sizes the axes, slowest first; copied
   * @return the shape
   */
  public static Shape of(int... sizes) {
    return new Shape(sizes.clone());
  }

  /** How many axes. */
  public int rank() {
    return sizes.length;
  }

  /**
   * The size of one axis.
   *
   * @param axis 0 for the slowest; negative counts from the end, -1 for the fastest
   * @return its size
   */
  public int dim(int axis) {
    return sizes[axis < 0 ? sizes.length + axis : axis];
  }

  /** How many elements: the product of the sizes, 1 for rank 0. */
  public int size() {
    return size;
  }

  /** The sizes, in a new array. */
  public int[] toArray() {
    return sizes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && Arrays.equals(sizes, s.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
