package io.noesis.run;

/** A command line or recipe that cannot be followed: exit code 2. */
public final class RecipeException extends NoesisException {
  /**
   * @param message what was being done, the value, what was expected, what to do
   */
  public RecipeException(String message) {
    super(ExitCode.USAGE, message, null);
  }

  /**
   * @param message what was being done, the value, what was expected, what to do
   * @param cause the exception underneath
   */
  public RecipeException(String message, Throwable cause) {
    super(ExitCode.USAGE, message, cause);
  }
}
