package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Stable Diffusion 1 and 2 (Rombach et al. 2022, doi:10.1109/CVPR52688.2022.01042): 77 text tokens
 * as input {@code encoder_hidden_states}, from prompts or given as embeddings.
 */
final class TextFamily implements Family {
  static final String INPUT = "encoder_hidden_states";

  private final EmbeddingSpace space;
  private final PromptEncoder prompts;

  TextFamily(PackParts parts) {
    UnetConfig config = UnetConfig.read(parts.pack());
    config.requireWidth(parts.model("text_encoder"), parts.pack());
    this.space = config.tokens(parts.pack());
    this.prompts = PromptEncoder.open(parts.pack().file("tokenizer"), parts.model("text_encoder"));
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Tensor given =
        ask.embeddings().isPresent()
            ? Wanted.embeddings(ask, space, 3)
            : prompts.encode(ask.captions());
    Tensor without =
        ask.isGuided() ? prompts.encode(Collections.nCopies(ask.rows(), ask.negative())) : given;
    return Conditioning.of(Map.of(INPUT, given), Map.of(INPUT, without));
  }

  @Override
  public void close() {
    prompts.close();
  }
}
