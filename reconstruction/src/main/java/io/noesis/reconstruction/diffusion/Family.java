package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import java.util.List;
import java.util.Set;

/**
 * What differs between the kinds of diffusion models: how a request becomes the named inputs of the
 * network. Owns the graphs that it needs for that.
 */
interface Family extends AutoCloseable {
  /** The space of the embeddings that it takes. */
  EmbeddingSpace space();

  /** The names of further conditions that it can take. */
  default Set<String> also() {
    return Set.of();
  }

  /** The names of the plan's settings that it knows. */
  default Set<String> settings() {
    return Set.of();
  }

  /** The inputs for some pictures; noise is drawn before anything else is. */
  Conditioning condition(Ask ask, List<NoiseSource> noise);

  @Override
  default void close() {}
}
