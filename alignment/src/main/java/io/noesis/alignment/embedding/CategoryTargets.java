package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One embedding per category, from prompts. */
final class CategoryTargets implements TargetExtractor {
  private final SentenceEncoder encoder;
  private final List<String> templates;
  private final Map<String, String> names;

  CategoryTargets(TargetSpec spec) {
    Prompts.check(spec.templates());
    this.templates = spec.templates();
    this.names = spec.names();
    this.encoder = SentenceEncoder.miniLm();
  }

  @Override
  public EmbeddingSpace space() {
    return encoder.space();
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.CATEGORY;
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(
        encoder.fingerprint() + "\n" + String.join("\n", templates) + "\n" + new TreeMap<>(names));
  }

  @Override
  public Embeddings extract(StimulusSet stimuli, Progress progress) {
    for (Stimulus stimulus : stimuli.all()) {
      if (stimulus.category().isBlank()) {
        throw new DataException(
            "making category targets: the stimulus '"
                + stimulus.id()
                + "' has no category, expected one for each of "
                + stimuli.size()
                + ". Add a 'category' column to the stimulus table, or take another target.");
      }
    }
    return Prompts.categories(
        encoder, Prompts.words(stimuli.categories(), names), templates, progress);
  }

  @Override
  public void close() {
    encoder.close();
  }
}
