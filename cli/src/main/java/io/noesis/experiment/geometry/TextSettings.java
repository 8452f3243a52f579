package io.noesis.experiment.geometry;

/**
 * Settings of sentence embeddings.
 *
 * @param column the column of the table of stimuli that holds the words
 */
public record TextSettings(String column) {
  /** The column {@code category}. */
  public static TextSettings defaults() {
    return new TextSettings("category");
  }
}
