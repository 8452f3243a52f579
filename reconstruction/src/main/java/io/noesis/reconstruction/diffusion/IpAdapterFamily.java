package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An image embedding beside the text, by decoupled attention inside the graph (IP-Adapter, Ye et
 * al. 2023, arXiv:2308.06721): {@code image_embeds} and the scalar {@code ip_scale}. Zeros where
 * there is no embedding.
 */
final class IpAdapterFamily implements Family {
  private static final String INPUT = "image_embeds";
  private static final String SCALE = "ip_scale";
  private static final String SETTING = "image-scale";

  private final Family text;
  private final EmbeddingSpace space;

  IpAdapterFamily(PackParts parts, Family text) {
    this.text = text;
    parts.network().require(SCALE);
    this.space = parts.space(INPUT);
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Set<String> settings() {
    return Set.of(SETTING);
  }

  @Override
  public Text text() {
    return Text.BESIDE;
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Tensor rows = Wanted.embeddings(ask, space, 2);
    float scale = (float) ask.plan().setting(SETTING, 1);
    return text.condition(ask.textAlone(), noise)
        .and(
            new Conditioning(
                Map.of(INPUT, rows),
                Map.of(INPUT, Tensor.zeros(rows.shape().toArray())),
                Map.of(SCALE, Tensor.wrap(new float[] {scale}, new int[0]))));
  }

  @Override
  public void close() {
    text.close();
  }
}
