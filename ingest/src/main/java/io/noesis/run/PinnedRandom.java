package io.noesis.run;

/**
 * The generator behind every draw: xoshiro256++ (Blackman and Vigna 2021, doi:10.1145/3460772) with
 * a Gaussian sampler of our own (Marsaglia's polar method on {@link StrictMath}), so that a change
 * of the JDK cannot move a result. Not thread-safe; get one from {@link Seed#random()}.
 */
public final class PinnedRandom {
  private long s0;
  private long s1;
  private long s2;
  private long s3;
  private double spare;
  private boolean hasSpare;

  PinnedRandom(long s0, long s1, long s2, long s3) {
    Check.argument((s0 | s1 | s2 | s3) != 0, "the state of xoshiro256++ may not be all zero");
    this.s0 = s0;
    this.s1 = s1;
    this.s2 = s2;
    this.s3 = s3;
  }

  /** The next 64 random bits. */
  public long nextLong() {
    long result = Long.rotateLeft(s0 + s3, 23) + s0;
    long t = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = Long.rotateLeft(s3, 45);
    return result;
  }

  /** A number in [0, 1) with 53 random bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * A whole number in [0, bound), without modulo bias (Lemire's multiplication with rejection).
   *
   * @param bound one more than the largest result; at least 1
   * @return the number
   */
  public int nextInt(int bound) {
    Check.argument(bound > 0, "bound must be at least 1, found %d", bound);
    long low;
    long high;
    long threshold = (1L << 32) % bound;
    do {
      long product = (nextLong() >>> 32) * bound;
      low = product & 0xffffffffL;
      high = product >>> 32;
    } while (low < threshold);
    return (int) high;
  }

  /** A draw from the normal distribution with mean 0 and variance 1. */
  public double nextGaussian() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double u;
    double v;
    double square;
    do {
      u = 2 * nextDouble() - 1;
      v = 2 * nextDouble() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square == 0);
    double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
    spare = v * factor;
    hasSpare = true;
    return u * factor;
  }

  /**
   * A random order of 0 .. n-1 (Fisher-Yates).
   *
   * @param n how many
   * @return a new array, owned by the caller
   */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }
}
