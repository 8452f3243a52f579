package io.noesis.run;

import org.jspecify.annotations.Nullable;

/** A study's files are invalid, corrupt or unsupported: exit code 3. */
public class DataException extends NoesisException {
  /**
   * @param message what was being done, the value, what was expected, what to do
   */
  public DataException(String message) {
    super(ExitCode.DATA, message, null);
  }

  /**
   * @param message what was being done, the value, what was expected, what to do
   * @param cause the exception underneath, if any
   */
  public DataException(String message, @Nullable Throwable cause) {
    super(ExitCode.DATA, message, cause);
  }
}
