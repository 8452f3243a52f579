package io.noesis.encoders.torch;

import io.noesis.run.Check;
import java.util.Arrays;

/**
 * How a convolution or a pool moves over the last one, two or three axes.
 *
 * @param size of the window along each axis
 * @param stride steps between windows
 * @param padding zeros (for a maximum: nothing) at both ends
 * @param dilation steps between the elements of a window
 * @param groups channels are split into so many parts that do not mix; 1 for pools
 */
@SuppressWarnings("ArrayRecordComponent") // Four short arrays of a setting; copied on the way in.
public record Window(int[] size, int[] stride, int[] padding, int[] dilation, int groups) {
  /** Checks that the axes agree. */
  public Window {
    size = size.clone();
    stride = stride.clone();
    padding = padding.clone();
    dilation = dilation.clone();
    Check.argument(
        size.length >= 1 && size.length <= 3,
        "a window has 1 to 3 axes, found sizes %s",
        Arrays.toString(size));
    Check.size("strides of a window", size.length, stride.length);
    Check.size("paddings of a window", size.length, padding.length);
    Check.size("dilations of a window", size.length, dilation.length);
    Check.argument(groups >= 1, "groups of a convolution: expected at least 1, found %d", groups);
  }

  /**
   * A window that moves by one, without padding.
   *
   * @param size along each axis
   * @return the window
   */
  public static Window of(int... size) {
    int[] ones = new int[size.length];
    Arrays.fill(ones, 1);
    return new Window(size, ones, new int[size.length], ones, 1);
  }

  /** How many axes it moves over. */
  public int axes() {
    return size.length;
  }

  /** The same window with another stride. */
  public Window withStride(int... other) {
    return new Window(size, other, padding, dilation, groups);
  }

  /** The same window with another padding. */
  public Window withPadding(int... other) {
    return new Window(size, stride, other, dilation, groups);
  }

  /** The same window with another dilation. */
  public Window withDilation(int... other) {
    return new Window(size, stride, padding, other, groups);
  }

  /** The same window over separate groups of channels. */
  public Window withGroups(int other) {
    return new Window(size, stride, padding, dilation, other);
  }

  /** Padding that keeps the length at stride 1; the sizes must be odd. */
  public Window centred() {
    int[] half = new int[size.length];
    for (int i = 0; i < half.length; i++) {
      Check.argument(size[i] % 2 == 1, "centring a window: expected odd sizes, found %d", size[i]);
      half[i] = dilation[i] * (size[i] - 1) / 2;
    }
    return withPadding(half);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Window w
        && Arrays.equals(size, w.size)
        && Arrays.equals(stride, w.stride)
        && Arrays.equals(padding, w.padding)
        && Arrays.equals(dilation, w.dilation)
        && groups == w.groups;
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {size, stride, padding, dilation, groups});
  }

  @Override
  public String toString() {
    return "size "
        + Arrays.toString(size)
        + ", stride "
        + Arrays.toString(stride)
        + ", padding "
        + Arrays.toString(padding)
        + ", dilation "
        + Arrays.toString(dilation)
        + ", groups "
        + groups;
  }
}
