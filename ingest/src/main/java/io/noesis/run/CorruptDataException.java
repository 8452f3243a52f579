package io.noesis.run;

/** A file breaks its own format: truncated, wrong magic, impossible sizes. Exit code 3. */
public final class CorruptDataException extends DataException {
  /**
   * @param message what was being done, the value, what was expected, what to do
   */
  public CorruptDataException(String message) {
    super(message, null);
  }

  /**
   * @param message what was being done, the value, what was expected, what to do
   * @param cause the exception underneath
   */
  public CorruptDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
