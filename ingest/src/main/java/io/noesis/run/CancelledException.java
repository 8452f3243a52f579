package io.noesis.run;

/** The user stopped the work: exit code 130. */
public final class CancelledException extends NoesisException {
  /**
   * @param message what was being done, the value, what was expected, what to do
   */
  public CancelledException(String message) {
    super(ExitCode.CANCELLED, message, null);
  }

  /**
   * @param message what was being done, the value, what was expected, what to do
   * @param cause the exception underneath
   */
  public CancelledException(String message, Throwable cause) {
    super(ExitCode.CANCELLED, message, cause);
  }
}
