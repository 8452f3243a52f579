package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * The decoder of Kandinsky 2.2 (Razzhigaev et al. 2023, arXiv:2310.03502): one image embedding;
 * without it CLIP's of a black picture, which the pack carries.
 */
final class KandinskyFamily implements Family {
  private static final String INPUT = "image_embeds";

  private final EmbeddingSpace space;
  private final Tensor without;

  KandinskyFamily(PackParts parts) {
    this.space = parts.space(INPUT);
    this.without = parts.unconditional("image", space.dim());
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Tensor rows = Wanted.embeddings(ask, space, 2);
    return Conditioning.of(
        Map.of(INPUT, rows), Map.of(INPUT, Wanted.repeated(without, ask.rows())));
  }
}
