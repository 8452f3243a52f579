package io.noesis.run;

/** Some subjects failed while others were done: exit code 5. */
public final class PartialException extends NoesisException {
  /**
   * @param message what was being done, the value, what was expected, what to do
   */
  public PartialException(String message) {
    super(ExitCode.PARTIAL, message, null);
  }

  /**
   * @param message what was being done, the value, what was expected, what to do
   * @param cause the exception underneath
   */
  public PartialException(String message, Throwable cause) {
    super(ExitCode.PARTIAL, message, cause);
  }
}
