package io.noesis.reconstruction.caption;

/**
 * The logits of the next word of one sentence.
 *
 * @param values one per word of the vocabulary, lent until the next word; minus infinity is a word
 *     that the model forbids
 * @param best the most likely word, the first of equals; where a value is not a number or plus
 *     infinity, the first such
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a copy per word would cost.
record Logits(float[] values, int best) {
  /**
   * Looks at every value once.
   *
   * @param values one per word; kept
   * @return the logits
   */
  static Logits of(float[] values) {
    int best = 0;
    float most = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] <= most)) {
        best = i;
        most = values[i];
        if (!(most < Float.POSITIVE_INFINITY)) {
          break;
        }
      }
    }
    return new Logits(values, best);
  }

  /** The largest value. */
  float most() {
    return values[best];
  }

  /** Whether all values are numbers or minus infinity. */
  boolean sound() {
    return most() < Float.POSITIVE_INFINITY;
  }
}
