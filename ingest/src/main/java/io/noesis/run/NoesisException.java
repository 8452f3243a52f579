package io.noesis.run;

import org.jspecify.annotations.Nullable;

/**
 * An error that a user can act on. Its message says what was being done, the thing and its value,
 * what was expected, and what to do next; its kind decides the exit code.
 */
public abstract class NoesisException extends RuntimeException {
  private final ExitCode exitCode;

  NoesisException(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The code with which the command line ends on this error. */
  public final ExitCode exitCode() {
    return exitCode;
  }
}
