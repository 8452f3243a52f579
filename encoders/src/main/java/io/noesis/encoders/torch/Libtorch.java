package io.noesis.encoders.torch;

import io.noesis.run.Check;
import io.noesis.run.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;

/** libtorch itself: loaded once, tuned first. */
public final class Libtorch {
  static {
    NativeLoading.of(
        "libtorch", () -> torch.manual_seed(0)); // The first native call loads the libraries.
  }

  private static volatile Device device = Device.CPU;

  private Libtorch() {}

  /**
   * Where values are made from now on, by the whole process; those that exist stay where they are.
   * What is drawn at random is drawn by the processor, so that both see the same.
   *
   * @param chosen a device
   * @throws ModelException when it cannot be used; it says what is missing
   */
  public static void use(Device chosen) {
    chosen.require();
    device = chosen;
  }

  /** Where values are made. */
  public static Device device() {
    return device;
  }

  /** Loads libtorch, if that was not done before. */
  static void load() {}

  /** The version of libtorch: part of the fingerprint of what it trained. */
  public static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      throw new UncheckedIOException("reading the version in the jar of libtorch", e);
    }
  }

  /**
   * How many threads one operation may use, for the whole process. Sums over large arrays are split
   * by it, so the last bits of a training depend on it.
   *
   * @param threads at least 1
   */
  public static void useThreads(int threads) {
    Check.argument(threads > 0, "threads of libtorch must be at least 1, found %d", threads);
    torch.set_num_threads(threads);
    Blas.useThreads(threads); // OpenBLAS has threads of its own.
  }

  /** How many threads one operation may use. */
  public static int threads() {
    return torch.get_num_threads();
  }

  /** How many native objects are held at the moment, by all threads; flat when nothing leaks. */
  public static long liveObjects() {
    return Pointer.totalCount();
  }

  /**
   * What libtorch says about a failure, without its C++ stack.
   *
   * @param failure what an operation threw
   * @return one line of at most 300 characters
   */
  public static String reason(Throwable failure) {
    return NativeLoading.firstLine(failure);
  }
}
