package io.noesis.encoders.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Function;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;

/** OpenBLAS as it is asked itself: how many threads its calls use. */
class BlasTest {
  private static int threads() {
    long address = Loader.addressof("openblas_get_num_threads").address();
    return Function.getFunction(new com.sun.jna.Pointer(address)).invokeInt(new Object[0]);
  }

  @Test
  void workOnOneThreadLeavesTheNumberThatWasAskedFor() {
    int usual = Libtorch.threads();
    int other = Math.min(2, Runtime.getRuntime().availableProcessors());
    try {
      Libtorch.useThreads(other);
      assertEquals(other, threads());
      int inside = Blas.onOneThread(() -> Blas.onOneThread(BlasTest::threads) + threads());
      assertEquals(2, inside, "one in the inner work, one in the outer");
      assertEquals(other, threads());
      Blas.onOneThread(
          () -> {
            Libtorch.useThreads(other);
            assertEquals(1, threads(), "asked for while work is under way");
            return true;
          });
      assertEquals(other, threads());
    } finally {
      Libtorch.useThreads(usual);
    }
  }
}
