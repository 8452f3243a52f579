package io.noesis.run;

/**
 * The numbers of PyTorch's CPU generator: {@code torch.randn} and {@code torch.rand} of float32 for
 * the same seed. The generator is MT19937 (Matsumoto and Nishimura 1998,
 * doi:10.1145/272991.272995); normal numbers come from Box and Muller's transform in the layout of
 * PyTorch's {@code aten/native/cpu/DistributionTemplates.h}: 16 or more at once in blocks of 16
 * from 24-bit uniforms, fewer one by one from 53-bit uniforms. Uniform numbers are equal bit for
 * bit; normal ones within 1e-6, since PyTorch's logarithm and cosine depend on the processor.
 *
 * <p>For pictures that must match those of a Python program; everything else draws from {@link
 * Seed}. Not thread-safe. Numbers of a CUDA generator (Philox) are other numbers.
 */
public final class TorchRandom {
  private static final int LENGTH = 624;
  private static final int LAG = 397;
  private static final int BLOCK = 16;
  private static final float TWO_PI = (float) (2 * Math.PI);

  private final int[] words = new int[LENGTH];
  private int next = LENGTH;
  private double spare;
  private boolean hasSpare;

  private TorchRandom(long seed) {
    words[0] = (int) seed;
    for (int i = 1; i < LENGTH; i++) {
      words[i] = 1812433253 * (words[i - 1] ^ (words[i - 1] >>> 30)) + i;
    }
  }

  /**
   * The generator as {@code torch.Generator().manual_seed(seed)} leaves it.
   *
   * @param seed any number; PyTorch uses its lower 32 bits
   * @return a generator at its start
   */
  public static TorchRandom seeded(long seed) {
    return new TorchRandom(seed);
  }

  /**
   * As {@code torch.randn(count)}.
   *
   * @param count how many; whether it is below 16 decides how they are drawn
   * @return new numbers of mean 0 and variance 1
   */
  public float[] normal(int count) {
    float[] out = new float[count];
    if (count < BLOCK) {
      for (int i = 0; i < count; i++) {
        out[i] = (float) oneNormal();
      }
      return out;
    }
    for (int i = 0; i < count; i++) {
      out[i] = uniform24();
    }
    for (int from = 0; from + BLOCK <= count; from += BLOCK) {
      boxMuller(out, from);
    }
    if (count % BLOCK != 0) {
      // The last 16 are drawn once more, also those that an earlier block had filled.
      for (int i = count - BLOCK; i < count; i++) {
        out[i] = uniform24();
      }
      boxMuller(out, count - BLOCK);
    }
    return out;
  }

  /**
   * As {@code torch.rand(count)}.
   *
   * @param count how many
   * @return new numbers in [0, 1) with 24 random bits
   */
  public float[] uniform(int count) {
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = uniform24();
    }
    return out;
  }

  private static void boxMuller(float[] out, int from) {
    for (int i = from; i < from + BLOCK / 2; i++) {
      float rest = 1 - out[i];
      double radius = StrictMath.sqrt(-2 * StrictMath.log(rest));
      // Rounded to float32, as PyTorch does: it moves a large draw by up to 1e-6.
      float angle = TWO_PI * out[i + BLOCK / 2];
      out[i] = (float) (radius * StrictMath.cos(angle));
      out[i + BLOCK / 2] = (float) (radius * StrictMath.sin(angle));
    }
  }

  private double oneNormal() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double first = uniform53();
    double second = uniform53();
    double radius = StrictMath.sqrt(-2 * StrictMath.log1p(-second));
    double angle = 2 * Math.PI * first;
    spare = radius * StrictMath.sin(angle);
    hasSpare = true;
    return radius * StrictMath.cos(angle);
  }

  private float uniform24() {
    return (nextWord() & 0xffffff) * 0x1.0p-24f;
  }

  private double uniform53() {
    long high = nextWord() & 0xffffffffL;
    long low = nextWord() & 0xffffffffL;
    return ((high << 32 | low) & 0x1fffffffffffffL) * 0x1.0p-53;
  }

  private int nextWord() {
    if (next == LENGTH) {
      twist();
      next = 0;
    }
    int y = words[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < LENGTH; i++) {
      int mixed = (words[i] & 0x80000000) | (words[(i + 1) % LENGTH] & 0x7fffffff);
      int shifted = (mixed >>> 1) ^ ((mixed & 1) == 0 ? 0 : 0x9908b0df);
      words[i] = words[(i + LAG) % LENGTH] ^ shifted;
    }
  }
}
