package io.noesis.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

class SeedTest {
  /** The first outputs of the authors' C program for the state 1, 2, 3, 4. */
  @Test
  void theGeneratorIsXoshiro256PlusPlus() {
    PinnedRandom random = new PinnedRandom(1, 2, 3, 4);
    long[] first = new long[6];
    Arrays.setAll(first, i -> random.nextLong());
    assertArrayEquals(
        new long[] {
          41943041L,
          58720359L,
          3588806011781223L,
          3591011842654386L,
          Long.parseUnsignedLong("9228616714210784205"),
          Long.parseUnsignedLong("9973669472204895162")
        },
        first);
  }

  /** Pins names, hashing and sampler (tests/fixtures/make/seed.py): a change moves every result. */
  @Test
  void aNamedChildIsPinned() {
    PinnedRandom random = Seed.of(7).child("split").child("fold-1").random();
    assertEquals("split/fold-1", Seed.of(7).child("split").child("fold-1").path());
    assertEquals(PINNED_LONG, random.nextLong());
    assertEquals(PINNED_GAUSSIAN, random.nextGaussian());
    assertEquals(PINNED_INT, random.nextInt(1000));
  }

  private static final long PINNED_LONG = -9132405756253777180L;
  private static final double PINNED_GAUSSIAN = -0.9497463248285252;
  private static final int PINNED_INT = 416;

  @Test
  void childrenDoNotDependOnEachOther() {
    Seed root = Seed.of(3);
    long alone = root.child("b").random().nextLong();
    root.child("a").random().nextLong();
    assertEquals(alone, root.child("b").random().nextLong());
    assertNotEquals(alone, root.child("c").random().nextLong());
    assertNotEquals(alone, Seed.of(4).child("b").random().nextLong());
    assertNotEquals(
        root.child("a").child("b").random().nextLong(), root.child("a b").random().nextLong());
    assertThrows(IllegalArgumentException.class, () -> root.child(""));
  }

  @Test
  void gaussianDrawsAreNormal() {
    PinnedRandom random = Seed.of(11).child("normal").random();
    double[] draws = IntStream.range(0, 20_000).mapToDouble(i -> random.nextGaussian()).toArray();
    double p = new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new NormalDistribution(), draws);
    assertEquals(true, p > 0.001, "Kolmogorov-Smirnov p = " + p);
  }

  @Test
  void wholeNumbersAreUniform() {
    PinnedRandom random = Seed.of(12).child("uniform").random();
    long[] counts = new long[7];
    for (int i = 0; i < 70_000; i++) {
      counts[random.nextInt(7)]++;
    }
    double[] expected = new double[7];
    Arrays.fill(expected, 10_000);
    double p = new ChiSquareTest().chiSquareTest(expected, counts);
    assertEquals(true, p > 0.001, "chi-square p = " + p);
  }

  @Test
  void aPermutationHoldsEveryNumberOnce() {
    for (int n : new int[] {0, 1, 2, 17, 100}) {
      int[] order = Seed.of(5).child("n" + n).random().permutation(n);
      assertArrayEquals(
          IntStream.range(0, n).toArray(), Arrays.stream(order).sorted().toArray(), "n = " + n);
    }
  }
}
