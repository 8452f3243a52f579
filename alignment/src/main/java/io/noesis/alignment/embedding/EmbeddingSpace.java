package io.noesis.alignment.embedding;

/**
 * Where an embedding lives. Two spaces never mix: vectors are only compared within one.
 *
 * @param model which model, for example {@code all-minilm-l6-v2-q}
 * @param layer which of its outputs, for example {@code mean-pooled last_hidden_state}
 * @param dim numbers per embedding
 * @param scaling what was done to the length of the vectors
 */
public record EmbeddingSpace(String model, String layer, int dim, Scaling scaling) {
  /** The length of the vectors. */
  public enum Scaling {
    /** Every vector has Euclidean length 1. */
    UNIT("length 1"),
    /** Lengths carry meaning or were left as the model gives them. */
    RAW("length free"),
    /**
     * Of tokens: each is divided by the length of the pooled vector of its picture or text, as
     * Versatile Diffusion reads them (Xu et al. 2023, arXiv:2211.08332) and MindEye 1 decodes them
     * (Scotti et al. 2023, arXiv:2305.18274).
     */
    POOLED("over the length of the pooled vector");

    private final String words;

    Scaling(String words) {
      this.words = words;
    }
  }

  /** For messages and reports: {@code clip-l, image_embeds, 768 numbers, length 1}. */
  @Override
  public String toString() {
    return model + ", " + layer + ", " + dim + " numbers, " + scaling.words;
  }
}
