package io.noesis.encoders.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.tensor.Matrix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A process that only needs algebra, as ridge does, is spared the loading of libtorch. */
class AlgebraAloneTest {
  /** What such a process does. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      NativeAlgebra algebra = new NativeAlgebra(Precision.FLOAT32);
      Matrix a = Matrix.zeros(2, 2);
      a.array()[0] = 2;
      a.array()[3] = 3;
      System.out.println("square " + algebra.multiply(a, a).at(1, 1));
      System.out.println("root " + (float) algebra.cholesky(a).at(1, 1));
      System.out.println("largest " + (float) algebra.symmetricEigen(a).values()[0]);
      System.out.println("inverse " + (float) algebra.inverseSpd(a).at(0, 0));
    }
  }

  @Test
  void algebraLoadsOpenBlasOnly() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out.substring(Math.max(0, out.length() - 2000)));
    assertTrue(out.contains("square 9.0"), "products");
    assertTrue(out.contains("root 1.7320508"), "factors");
    assertTrue(out.contains("largest 3.0") || out.contains("largest 2.0"), "eigenvalues");
    assertTrue(out.contains("inverse 0.5"), "inverses");
    assertTrue(out.contains("org.bytedeco.openblas.global.openblas"), "OpenBLAS is used");
    assertFalse(out.contains("org.bytedeco.pytorch.global.torch "), "libtorch is not");
  }
}
