package io.noesis.encoders.torch;

import com.sun.jna.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.presets.openblas_nolapack;

/**
 * Runs work while OpenBLAS uses one thread per call: our own threads share the work out in fixed
 * pieces, so results do not depend on how many there are, and calls do not wait for each other.
 * OpenBLAS knows one number for the whole process; it is restored when the last such work ends, and
 * a training that runs at the same time is slower meanwhile.
 */
final class Blas {
  private static final Object LOCK = new Object();
  private static final IntConsumer SETTING;
  private static int users;

  /** Of calls outside such work; OpenBLAS takes what is less than 1 for what it began with. */
  private static int threads = -1;

  static {
    // Not libtorch: loading that takes four times as long, and algebra alone does without it.
    NativeLoading.of("OpenBLAS", () -> Loader.load(openblas_nolapack.class));
    SETTING = setting();
  }

  private Blas() {}

  /** Loads OpenBLAS, if that was not done before. */
  static void load() {}

  /** JavaCPP's own function looks for those of all vendors at each call, for milliseconds. */
  private static IntConsumer setting() {
    Pointer found = Loader.addressof("openblas_set_num_threads");
    if (found == null || Loader.addressof("MKL_Set_Num_Threads") != null) {
      return openblas_nolapack::blas_set_num_threads;
    }
    Function set = Function.getFunction(new com.sun.jna.Pointer(found.address()));
    return count -> set.invokeVoid(new Object[] {count});
  }

  /** How many threads a call uses from now on, or from the end of such work on. */
  static void useThreads(int count) {
    synchronized (LOCK) {
      threads = count;
      if (users == 0) {
        SETTING.accept(count);
      }
    }
  }

  static <T> T onOneThread(Supplier<T> work) {
    synchronized (LOCK) {
      if (users++ == 0) {
        SETTING.accept(1);
      }
    }
    try {
      return work.get();
    } finally {
      synchronized (LOCK) {
        if (--users == 0) {
          SETTING.accept(threads);
        }
      }
    }
  }
}
