package io.noesis.encoders.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against sums in Java, at sizes that straddle tiles and pieces. */
class IntegerProductsTest {
  @ParameterizedTest
  @CsvSource({"1,1,2", "3,1100,2", "130,1025,3", "6,76,17", "129,2050,64", "2,5,771"})
  void productsAreThoseOfJava(int left, int right, int width) {
    assumeTrue(IntegerProducts.available(), "no quick 8-bit products on this processor");
    byte[] a = bytes("a", left * width);
    byte[] b = bytes("b", (right + 7) * width);
    int[][] found = new int[left][right];
    int threads = torch.get_num_threads();
    IntegerProducts.forEach(
        a,
        new IntegerProducts.Rows(b, 7, right, width),
        (row, column, products, offset, count) ->
            System.arraycopy(products, offset, found[row], column, count));
    assertEquals(threads, torch.get_num_threads());
    for (int row = 0; row < left; row++) {
      int[] expected = new int[right];
      for (int c = 0; c < right; c++) {
        for (int k = 0; k < width; k++) {
          expected[c] += a[row * width + k] * b[(c + 7) * width + k];
        }
      }
      assertArrayEquals(expected, found[row]);
    }
  }

  private static byte[] bytes(String name, int n) {
    PinnedRandom random = Seed.of(1).child(name).random();
    byte[] out = new byte[n];
    for (int i = 0; i < n; i++) {
      int value = (int) Math.round(90 * random.nextGaussian());
      out[i] = (byte) Math.max(-IntegerProducts.LARGEST, Math.min(IntegerProducts.LARGEST, value));
    }
    return out;
  }

  @Test
  void widthsThatCannotBeMultipliedAreRefused() {
    for (int width : new int[] {1, 200_000}) {
      assertFalse(IntegerProducts.fits(width));
      IntegerProducts.Rows rows = new IntegerProducts.Rows(new byte[width], 0, 1, width);
      assertThrows(
          IllegalArgumentException.class,
          () -> IntegerProducts.forEach(new byte[width], rows, (r, c, p, o, n) -> {}));
    }
  }
}
