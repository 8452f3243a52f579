package io.noesis.experiment;

/**
 * What is done to the length of decoded embeddings before a generator or captioner takes them.
 * Decoders shrink: what they are unsure of they pull towards the mean of the training targets, and
 * models were never shown such short vectors. Fitted on training targets only, applied to each row
 * by itself.
 */
public enum Stretch {
  /** Nothing. */
  NONE("taken as decoded"),
  /** Scaled to length 1. */
  UNIT("scaled to length 1"),
  /**
   * About the mean of the training targets to the root mean square distance that these have from
   * it; then to length 1 where the space wants it.
   */
  TRAINING("moved away from the training mean to the distance that training targets have from it");

  private final String words;

  Stretch(String words) {
    this.words = words;
  }

  /** What is done, for reports. */
  String words() {
    return words;
  }
}
