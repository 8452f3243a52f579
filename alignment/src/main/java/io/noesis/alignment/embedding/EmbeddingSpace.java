package io.noesis.alignment.embedding;

/**
 * Where an embedding lives. Two spaces never mix: vectors are only compared within one.
 *
 * @param model which model, for example {@code all-minilm-l6-v2-q}
 * @param layer which of its outputs, for example {@code mean-pooled last_hidden_state}
 * @param dim numbers per embedding
 * @param scaling whether every vector has length 1
 */
public record EmbeddingSpace(String model, String layer, int dim, Scaling scaling) {
  /** The length of the vectors. */
  public enum Scaling {
    /** Every vector has Euclidean length 1. */
    UNIT,
    /** Lengths carry meaning or were left as the model gives them. */
    RAW
  }
}
