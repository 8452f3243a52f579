package io.noesis.ingest.manifest;

import io.noesis.run.Check;

/**
 * The embedding space that a model gives or takes; embeddings of another never go in.
 *
 * @param model whose space it is: {@code openai/clip-vit-large-patch14}
 * @param layer which output
 * @param dimension numbers per embedding or token
 * @param tokens how many vectors one picture or text has; 1 for pooled ones
 */
public record ModelSpace(String model, String layer, int dimension, int tokens) {
  /** Checks the sizes. */
  public ModelSpace {
    Check.argument(
        dimension > 0 && tokens > 0,
        "dimension and tokens: expected at least 1, found %d and %d",
        dimension,
        tokens);
  }
}
