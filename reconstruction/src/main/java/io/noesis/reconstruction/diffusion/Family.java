package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What differs between the kinds of diffusion models: how a request becomes the named inputs of the
 * network. Owns the graphs that it needs for that.
 */
interface Family extends AutoCloseable {
  /** The space of the embeddings that it takes. */
  EmbeddingSpace space();

  /** How many vectors one embedding has; {@link #space} is that of one of them. */
  default int tokens() {
    return 1;
  }

  /** The further conditions that it can take, by name, with the axes of one picture's. */
  default Map<String, List<Integer>> also() {
    return Map.of();
  }

  /** Those of them that it cannot do without when it is asked by embedding. */
  default Set<String> needs(SamplingPlan plan) {
    return Set.of();
  }

  /** What a text is to it. */
  enum Text {
    /** It reads none. */
    UNREAD,
    /** It is read beside embeddings. */
    BESIDE,
    /** It may stand in the place of embeddings. */
    INSTEAD
  }

  /** What the captions of a request are to it. */
  default Text text() {
    return Text.UNREAD;
  }

  /** The further conditions that belong to embeddings: a text brings its own. */
  default Set<String> ofEmbeddings() {
    return Set.of();
  }

  /** The names of the plan's settings that it knows. */
  default Set<String> settings() {
    return Set.of();
  }

  /** Whether the network is called for an unconditional half, too. */
  default boolean splits(SamplingPlan plan) {
    return plan.isGuided();
  }

  /** The inputs for some pictures; noise is drawn before anything else is. */
  Conditioning condition(Ask ask, List<NoiseSource> noise);

  /** What the network is fed in one call beside sample and time; the same in all by default. */
  default Map<String, Tensor> during(Step step) {
    return step.conditions();
  }

  @Override
  default void close() {}
}
