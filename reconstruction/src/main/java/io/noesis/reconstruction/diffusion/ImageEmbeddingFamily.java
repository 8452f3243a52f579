package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** One image embedding as input {@code image_embeds}; zeros where there is none. */
final class ImageEmbeddingFamily implements Family {
  private static final String INPUT = "image_embeds";

  private final EmbeddingSpace space;

  ImageEmbeddingFamily(PackParts parts) {
    this.space = parts.space(INPUT);
    String without = parts.fact("unconditional").orElse("not stated");
    if (!without.equals("zeros")) {
      throw new ModelException(
          "opening the model pack "
              + parts.pack().folder()
              + ": its fact 'unconditional' is '"
              + without
              + "', expected 'zeros', what the network was trained with in place of an embedding.");
    }
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Tensor rows = Wanted.embeddings(ask, space, 2);
    return Conditioning.of(
        Map.of(INPUT, rows), Map.of(INPUT, Tensor.zeros(rows.shape().toArray())));
  }
}
