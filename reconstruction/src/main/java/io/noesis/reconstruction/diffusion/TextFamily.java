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

  private TextFamily(PackParts parts, EmbeddingSpace space) {
    UnetConfig.read(parts.pack()).requireWidth(parts.model("text_encoder"), parts);
    this.space = space;
    this.prompts = PromptEncoder.open(parts.pack().file("tokenizer"), parts.model("text_encoder"));
  }

  /** What the pack's embeddings are tokens of: the manifest's space is theirs. */
  static TextFamily alone(PackParts parts) {
    UnetConfig config = UnetConfig.read(parts.pack());
    return new TextFamily(parts, parts.space(INPUT, config.width(parts.network())));
  }

  /** What reads text beside the embeddings, whose space the manifest declares. */
  static TextFamily beside(PackParts parts) {
    return new TextFamily(parts, UnetConfig.read(parts.pack()).tokens(parts));
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public int tokens() {
    return PromptEncoder.TOKENS;
  }

  @Override
  public Text text() {
    return Text.INSTEAD;
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
