package io.noesis.encoders.torch;

import io.noesis.run.ModelException;

/** Loading of native libraries: tuned before, and what to do where they cannot be used. */
final class NativeLoading {
  /** The first lines of native messages are for people; a C++ stack follows. */
  private static final int LONGEST_MESSAGE = 300;

  private NativeLoading() {}

  /**
   * Loads libraries.
   *
   * @param what their name, for the message
   * @param loading the first use of them
   * @throws ModelException when they cannot be used on this machine
   */
  static void of(String what, Runnable loading) {
    NativeTuning.applied();
    try {
      loading.run();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new ModelException(
          "loading "
              + what
              + ": its native libraries cannot be used here ("
              + firstLine(e)
              + "). All that Noesis uses is unpacked into ~/.javacpp/cache (445 MB; move it with"
              + " -Dorg.bytedeco.javacpp.cachedir=FOLDER) and exists for Linux x86_64, macOS arm64"
              + " and Windows x86_64.",
          e);
    }
  }

  /** What a failure says, in one line of at most 300 characters. */
  static String firstLine(Throwable failure) {
    String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
  }
}
