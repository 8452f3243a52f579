package io.noesis.run;

/** A file is well formed, but of a kind this version does not read. Exit code 3. */
public final class UnsupportedDataException extends DataException {
  /**
   * @param message what was being done, the value, what was expected, what to do
   */
  public UnsupportedDataException(String message) {
    super(message, null);
  }

  /**
   * @param message what was being done, the value, what was expected, what to do
   * @param cause the exception underneath
   */
  public UnsupportedDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
