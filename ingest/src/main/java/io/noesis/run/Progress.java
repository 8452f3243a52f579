package io.noesis.run;

/**
 * Hears how far long work has come. It may not influence results; the default hears nothing. All
 * methods may be called from any thread.
 */
public interface Progress {
  /** Hears nothing. */
  Progress NONE = new Progress() {};

  /**
   * A stage begins.
   *
   * @param name what is being done, in a few words
   * @param total how many steps it has, or 0 when unknown
   */
  default void begin(String name, long total) {}

  /**
   * Some steps of the current stage are done.
   *
   * @param steps how many more
   */
  default void step(long steps) {}

  /**
   * The current stage is over.
   *
   * @param result what came out, in a few words: "576 trials x 577 voxels"
   */
  default void done(String result) {}

  /**
   * Something the user should read now, but that does not stop the work.
   *
   * @param message one sentence
   */
  default void warn(String message) {}
}
