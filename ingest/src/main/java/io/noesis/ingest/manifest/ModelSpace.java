package io.noesis.ingest.manifest;

import io.noesis.run.Check;
import java.util.Optional;

/**
 * The embedding space that a model gives or takes; embeddings of another never go in.
 *
 * @param model whose space it is: {@code openai/clip-vit-large-patch14}
 * @param layer which output
 * @param dimension numbers per embedding or token
 * @param tokens how many vectors one picture or text has; 1 for pooled ones
 * @param stated who says so, where it was not who exported the model
 */
public record ModelSpace(
    String model, String layer, int dimension, int tokens, Optional<SpaceStatement> stated) {
  /** Checks the sizes. */
  public ModelSpace {
    Check.argument(
        dimension > 0 && tokens > 0,
        "dimension and tokens: expected at least 1, found %d and %d",
        dimension,
        tokens);
  }

  /** A space as who exported the model names it. */
  public ModelSpace(String model, String layer, int dimension, int tokens) {
    this(model, layer, dimension, tokens, Optional.empty());
  }
}
