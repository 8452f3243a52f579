package io.noesis.encoders.torch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Where values live: all that a thread makes inside a scope is freed at its end, except what was
 * {@linkplain Value#keep kept}. Scopes nest; each belongs to the thread that runs it.
 */
public final class Scope {
  static {
    Libtorch.load();
  }

  private Scope() {}

  /**
   * Runs work and frees the values it made.
   *
   * @param work the work
   */
  public static void run(Runnable work) {
    get(
        () -> {
          work.run();
          return true;
        });
  }

  /**
   * Runs work and frees the values it made.
   *
   * @param work the work
   * @param <T> what comes out; nothing native, unless it was kept
   * @return its result
   */
  @SuppressWarnings("try") // Being open is what the scope is for.
  public static <T> T get(Supplier<T> work) {
    try (PointerScope scope = new PointerScope()) {
      return work.get();
    }
  }

  /**
   * Runs work whose operations this thread does not record for gradients; other threads go on
   * recording.
   *
   * @param work the work
   * @param <T> what comes out
   * @return its result
   */
  @SuppressWarnings("try") // Being open is what the guard is for.
  public static <T> T withoutGradients(Supplier<T> work) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return work.get();
    }
  }
}
