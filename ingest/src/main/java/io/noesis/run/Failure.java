package io.noesis.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Turns the JDK's terse file errors into words. */
public final class Failure {
  private Failure() {}

  /**
   * What went wrong, in words: {@code NoSuchFileException}'s message is only the path.
   *
   * @param e the exception of a file operation
   * @return for example "the file does not exist"
   */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NotDirectoryException) {
      return "a part of the path is a file, not a folder";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "something of that name is in the way";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
