package io.noesis.alignment.score;

/** How a decoded embedding is compared with a candidate. */
public enum Similarity {
  /** The cosine of the two vectors as they are. */
  COSINE("cosine"),
  /**
   * The cosine after subtracting the mean embedding of the training stimuli from both: embeddings
   * share a large mean, and a decoder that shrinks towards it would otherwise always prefer the
   * candidates nearest to it.
   */
  CENTRED_COSINE("cosine about the training mean");

  private final String words;

  Similarity(String words) {
    this.words = words;
  }

  /** How it is written in a protocol line. */
  public String words() {
    return words;
  }
}
