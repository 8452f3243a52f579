package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A generator that does something before or after another, and is as that one where it does not say
 * otherwise. Closing it closes the other.
 */
interface AroundGenerator extends ImageGenerator {
  /** The other. */
  ImageGenerator generator();

  @Override
  default EmbeddingSpace space() {
    return generator().space();
  }

  @Override
  default SamplingPlan plan() {
    return generator().plan();
  }

  @Override
  default void requireKnown(SamplingPlan sampling) {
    generator().requireKnown(sampling);
  }

  @Override
  default Map<String, String> facts() {
    return generator().facts();
  }

  @Override
  default Map<String, List<Integer>> also() {
    return generator().also();
  }

  @Override
  default Set<String> needs(SamplingPlan sampling) {
    return generator().needs(sampling);
  }

  @Override
  default boolean readsCaptions() {
    return generator().readsCaptions();
  }

  @Override
  default Optional<EmbeddingSpace> latents() {
    return generator().latents();
  }

  @Override
  default Tensor start(List<PixelImage> pictures) {
    return generator().start(pictures);
  }

  @Override
  default void close() {
    generator().close();
  }
}
