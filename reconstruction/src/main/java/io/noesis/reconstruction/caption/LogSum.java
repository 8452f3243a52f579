package io.noesis.reconstruction.caption;

import java.nio.FloatBuffer;

/**
 * The logarithm of the sum of exponentials over a vocabulary; the log-probability of a word is its
 * logit less that.
 *
 * <p>How far a logit lies below the largest is taken in steps of 2^-24, and its exponential is the
 * product of four that are looked up: of the whole number and of three times 8 binary digits.
 * {@code Math.exp} takes seven times as long, and its last digit depends on the processor.
 */
final class LogSum {
  private static final int DIGITS = 24;

  /** {@code (float) (1 << DIGITS)}. */
  private static final float STEPS = 0x1p24f;

  /** Further below the largest a word adds nothing to the sum in double precision. */
  private static final int NEGLIGIBLE = 45;

  private static final double[] WHOLE = table(NEGLIGIBLE, 1);
  private static final double[] FIRST = table(256, 0x1p-8);
  private static final double[] SECOND = table(256, 0x1p-16);
  private static final double[] THIRD = table(256, 0x1p-24);

  private LogSum() {}

  private static double[] table(int count, double step) {
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = StrictMath.exp(-i * step);
    }
    return out;
  }

  /**
   * The logarithm of the sum, within 1e-7.
   *
   * @param logits of all words, sound
   */
  static double of(Logits logits) {
    FloatBuffer values = logits.values();
    float most = logits.most();
    int count = values.limit();
    double sum = 0;
    for (int i = 0; i < count; i++) {
      int below = (int) ((most - values.get(i)) * STEPS);
      if (below < NEGLIGIBLE << DIGITS) {
        sum +=
            WHOLE[below >> 24]
                * FIRST[below >> 16 & 255]
                * (SECOND[below >> 8 & 255] * THIRD[below & 255]);
      }
    }
    return most + StrictMath.log(sum);
  }
}
