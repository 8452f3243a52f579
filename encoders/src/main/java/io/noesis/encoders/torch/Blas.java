package io.noesis.encoders.torch;

import java.util.function.Supplier;
import org.bytedeco.openblas.presets.openblas_nolapack;

/**
 * Runs work while OpenBLAS uses one thread per call: our own threads share the work out in fixed
 * pieces, so results do not depend on how many there are, and calls do not wait for each other.
 * OpenBLAS knows one number for the whole process; it is restored when the last such work ends, and
 * a training that runs at the same time is slower meanwhile.
 */
final class Blas {
  private static final Object LOCK = new Object();
  private static int users;
  private static int before;

  static {
    Libtorch.load();
  }

  private Blas() {}

  static <T> T onOneThread(Supplier<T> work) {
    synchronized (LOCK) {
      if (users++ == 0) {
        before = openblas_nolapack.blas_get_num_threads();
        openblas_nolapack.blas_set_num_threads(1);
      }
    }
    try {
      return work.get();
    } finally {
      synchronized (LOCK) {
        if (--users == 0) {
          openblas_nolapack.blas_set_num_threads(before);
        }
      }
    }
  }
}
