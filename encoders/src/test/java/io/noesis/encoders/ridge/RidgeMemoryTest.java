package io.noesis.encoders.ridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.MemoryException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimate against processes that have a little more of it, and much less. */
class RidgeMemoryTest {
  /** What the process holds besides: classes, and responses and targets in float32. */
  private static final long BESIDE = 16L << 20;

  @ParameterizedTest
  @CsvSource({"250, 1200, 1800", "1300, 400, 500"})
  void aFitNeedsAboutThatMuch(int rows, int columns, int targets) throws Exception {
    long bytes = new RidgeMemory(rows, columns, targets).bytes();
    long held = 4L * rows * (columns + targets) + BESIDE;
    assertEquals("fitted", fit(held + bytes * 5 / 4, rows, columns, targets));
    assertEquals("too little", fit(held + bytes / 3, rows, columns, targets));
  }

  private static String fit(long heap, int rows, int columns, int targets)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx" + (heap >> 10) + "k",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Fit.class.getName(),
                "" + rows,
                "" + columns,
                "" + targets)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out.strip();
  }

  /** One fit in a process of its own. */
  static final class Fit {
    private Fit() {}

    public static void main(String[] arguments) {
      int rows = Integer.parseInt(arguments[0]);
      Tensor x = random("x", rows, Integer.parseInt(arguments[1]));
      Tensor y = random("y", rows, Integer.parseInt(arguments[2]));
      String end = "fitted";
      try {
        Ridge.fit(x, y, RidgeSpec.defaults());
      } catch (OutOfMemoryError e) {
        end = "too little";
      }
      System.out.println(end);
    }

    private static Tensor random(String name, int rows, int columns) {
      var random = Seed.of(1).child(name).random();
      float[] values = new float[rows * columns];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return Tensor.wrap(values, rows, columns);
    }
  }

  @Test
  void whatDoesNotFitIsRefusedWithARemedy() {
    RidgeMemory tokens = new RidgeMemory(8859, 15724, 197_376);
    MemoryException refused =
        assertThrows(MemoryException.class, () -> tokens.require(16_000_000_000L));
    assertEquals(2, refused.exitCode().code());
    assertTrue(refused.getMessage().contains("inMemory below 3103540224"), refused::getMessage);
    tokens.require(tokens.bytes());
  }
}
