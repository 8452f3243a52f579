package io.noesis.run;

/** An output could not be written (permission, space, quota): exit code 7. */
public final class OutputException extends NoesisException {
  /**
   * @param message what was being done, the value, what was expected, what to do
   */
  public OutputException(String message) {
    super(ExitCode.OUTPUT, message, null);
  }

  /**
   * @param message what was being done, the value, what was expected, what to do
   * @param cause the exception underneath
   */
  public OutputException(String message, Throwable cause) {
    super(ExitCode.OUTPUT, message, cause);
  }
}
