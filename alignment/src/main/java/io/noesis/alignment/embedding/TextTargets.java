package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import java.util.List;
import java.util.Optional;

/** The output of a text model for each stimulus's caption. */
final class TextTargets implements StimulusTargets.Source<String> {
  private final TextEncoder encoder;

  private TextTargets(TargetSpec spec) {
    this.encoder =
        TextEncoder.open(
            spec.text()
                .orElseThrow(
                    () ->
                        new RecipeException(
                            "target 'text' needs a text model and none is named. Give the name or"
                                + " the folder of a model pack with a text graph as"
                                + " 'targets.pack'.")));
  }

  static TargetExtractor open(TargetSpec spec) {
    return new StimulusTargets<>(spec, new TextTargets(spec));
  }

  @Override
  public EmbeddingSpace space() {
    return encoder.space();
  }

  @Override
  public String fingerprint() {
    return encoder.fingerprint();
  }

  @Override
  public Optional<String> of(Stimulus stimulus) {
    return stimulus.caption().filter(c -> !c.isBlank());
  }

  @Override
  public String making() {
    return "making text targets";
  }

  @Override
  public String missing() {
    return "caption, expected a sentence";
  }

  @Override
  public String column() {
    return "a 'caption'";
  }

  @Override
  public String content(String caption) {
    return caption;
  }

  @Override
  public Embeddings encode(List<String> ids, List<String> captions, Progress progress) {
    return encoder.encode(ids, captions, progress);
  }

  @Override
  public void close() {
    encoder.close();
  }
}
