package io.noesis.reconstruction.caption;

import java.nio.FloatBuffer;

/**
 * The logits of the next word of one sentence.
 *
 * @param values one per word of the vocabulary from position 0 to the limit, lent until the next
 *     word; minus infinity is a word that the model forbids
 * @param best the most likely word, the first of equals; where a value is not a number or plus
 *     infinity, the first such
 */
record Logits(FloatBuffer values, int best) {
  /**
   * Looks at every value once.
   *
   * @param values one per word; kept
   * @return the logits
   */
  static Logits of(FloatBuffer values) {
    int best = 0;
    float most = Float.NEGATIVE_INFINITY;
    int count = values.limit();
    for (int i = 0; i < count; i++) {
      float value = values.get(i);
      if (!(value <= most)) {
        best = i;
        most = value;
        if (!(most < Float.POSITIVE_INFINITY)) {
          break;
        }
      }
    }
    return new Logits(values, best);
  }

  /** The largest value. */
  float most() {
    return values.get(best);
  }

  /** Whether all values are numbers or minus infinity. */
  boolean sound() {
    return most() < Float.POSITIVE_INFINITY;
  }
}
