package io.noesis.run;

import com.google.errorprone.annotations.FormatMethod;

/** Argument checks that name the thing, its value and what was expected. */
public final class Check {
  private Check() {}

  /**
   * Requires a condition of an argument.
   *
   * @param condition what must hold
   * @param message a {@link String#format} pattern that names the value and the expectation
   * @param values the values of the pattern
   * @throws IllegalArgumentException when the condition is false
   */
  @FormatMethod
  public static void argument(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(message, values));
    }
  }

  /**
   * Requires two sizes to be equal.
   *
   * @param what what is counted: "rows of the mask"
   * @param expected the size that is right
   * @param found the size that was given
   * @throws IllegalArgumentException when they differ
   */
  public static void size(String what, long expected, long found) {
    argument(expected == found, "%s: expected %d, found %d", what, expected, found);
  }
}
