package io.noesis.run;

/** Work that needs more memory than it may have, found before it begins: exit code 2. */
public final class MemoryException extends NoesisException {
  /**
   * @param message what was to be done, what it needs and may have, and what would make it smaller
   */
  public MemoryException(String message) {
    super(ExitCode.USAGE, message, null);
  }
}
