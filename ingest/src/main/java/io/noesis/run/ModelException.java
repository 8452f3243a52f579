package io.noesis.run;

/** A model file is missing, invalid, or cannot run on this machine: exit code 6. */
public final class ModelException extends NoesisException {
  /**
   * @param message what was being done, the value, what was expected, what to do
   */
  public ModelException(String message) {
    super(ExitCode.MODEL, message, null);
  }

  /**
   * @param message what was being done, the value, what was expected, what to do
   * @param cause the exception underneath
   */
  public ModelException(String message, Throwable cause) {
    super(ExitCode.MODEL, message, cause);
  }
}
