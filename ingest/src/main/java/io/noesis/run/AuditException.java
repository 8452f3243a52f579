package io.noesis.run;

/** An audit returned BLOCK and was not allowed by name: exit code 4. */
public final class AuditException extends NoesisException {
  /**
   * @param message what was being done, the value, what was expected, what to do
   */
  public AuditException(String message) {
    super(ExitCode.AUDIT, message, null);
  }

  /**
   * @param message what was being done, the value, what was expected, what to do
   * @param cause the exception underneath
   */
  public AuditException(String message, Throwable cause) {
    super(ExitCode.AUDIT, message, cause);
  }
}
