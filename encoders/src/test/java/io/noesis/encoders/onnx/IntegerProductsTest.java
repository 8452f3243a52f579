package io.noesis.encoders.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against sums in Java, at sizes that straddle tiles. */
class IntegerProductsTest {
  @ParameterizedTest
  @CsvSource({"1,1,1", "3,300,2", "130,129,3", "6,76,17", "129,257,64", "2,5,771"})
  void productsAreThoseOfJava(int vectors, int rows, int width) {
    byte[] a = bytes("a", vectors * width, IntegerProducts.largestInVector(width));
    byte[] b = bytes("b", (rows + 7) * width, IntegerProducts.LARGEST_IN_ROW);
    requireSame(a, vectors, b, rows, width);
  }

  /** The largest sums there are: a processor that saturates loses them. */
  @ParameterizedTest
  @CsvSource({"768", "197376", "425984"})
  void largestSumsAreExact(int width) {
    byte[] a = new byte[2 * width];
    byte[] b = new byte[(7 + 5) * width];
    byte most = (byte) IntegerProducts.largestInVector(width);
    for (int k = 0; k < width; k++) {
      a[k] = most;
      a[width + k] = (byte) -most;
      for (int row = 7; row < 12; row++) {
        int alternating = row == 11 && k % 2 == 0 ? -1 : 1;
        int sign = row == 10 ? -1 : alternating;
        b[row * width + k] = (byte) (sign * IntegerProducts.LARGEST_IN_ROW);
      }
    }
    requireSame(a, 2, b, 5, width);
  }

  private static void requireSame(byte[] a, int vectors, byte[] b, int rows, int width) {
    byte[] stored = new byte[b.length];
    for (int i = 0; i < b.length; i++) {
      stored[i] = (byte) (b[i] + IntegerProducts.BIAS);
    }
    int[][] found = new int[rows][vectors];
    try (IntegerProducts products = new IntegerProducts(a, vectors, width)) {
      assertEquals(vectors, products.count());
      Parallel.forBlocks(
          rows,
          50,
          (from, to) ->
              products.multiply(
                  stored,
                  7 + from,
                  7 + to,
                  (first, count, some) -> {
                    for (int i = 0; i < count; i++) {
                      System.arraycopy(some[i], 0, found[first + i - 7], 0, vectors);
                    }
                  }));
    }
    for (int row = 0; row < rows; row++) {
      int[] expected = new int[vectors];
      for (int v = 0; v < vectors; v++) {
        long sum = 0;
        for (int k = 0; k < width; k++) {
          sum += a[v * width + k] * b[(row + 7) * width + k];
        }
        expected[v] = Math.toIntExact(sum);
      }
      assertArrayEquals(expected, found[row]);
    }
  }

  private static byte[] bytes(String name, int n, int most) {
    PinnedRandom random = Seed.of(1).child(name).random();
    byte[] out = new byte[n];
    for (int i = 0; i < n; i++) {
      int value = (int) Math.round(0.7 * most * random.nextGaussian());
      out[i] = (byte) Math.max(-most, Math.min(most, value));
    }
    return out;
  }

  @Test
  void wideVectorsHaveFewerBits() {
    assertEquals(63, IntegerProducts.largestInVector(130_000));
    assertEquals(42, IntegerProducts.largestInVector(197_376));
    assertEquals(19, IntegerProducts.largestInVector(425_984));
    assertThrows(IllegalArgumentException.class, () -> IntegerProducts.largestInVector(20_000_000));
  }
}
