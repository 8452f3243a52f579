package io.noesis.ingest.simulate;

import com.google.errorprone.annotations.FormatMethod;
import io.noesis.run.RecipeException;

/** Checks of a plan's values. */
final class Plan {
  private Plan() {}

  @FormatMethod
  static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new RecipeException(
          "planning a simulated study: "
              + String.format(java.util.Locale.ROOT, message, values)
              + ".");
    }
  }
}
