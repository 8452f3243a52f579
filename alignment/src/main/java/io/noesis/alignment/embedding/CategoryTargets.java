package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One embedding per category, from prompts. The model is loaded for as long as it computes, which
 * it does not where a cache has the embeddings.
 */
final class CategoryTargets implements TargetExtractor {
  private final List<String> templates;
  private final Map<String, String> names;
  private final EmbeddingCache cache;

  CategoryTargets(TargetSpec spec) {
    Prompts.check(spec.templates());
    this.templates = spec.templates();
    this.names = spec.names();
    this.cache = EmbeddingCache.of(spec.cache());
  }

  @Override
  public EmbeddingSpace space() {
    return SentenceEncoder.miniLmSpace();
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.CATEGORY;
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(
        SentenceEncoder.miniLmFingerprint()
            + "\n"
            + String.join("\n", templates)
            + "\n"
            + new TreeMap<>(names));
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
    Map<String, String> words = Prompts.words(stimuli.categories(), names);
    return cache.get(
        EmbeddingCache.key(fingerprint(), List.copyOf(words.values())),
        dim -> space(),
        List.copyOf(words.keySet()),
        progress,
        () -> {
          try (SentenceEncoder encoder = SentenceEncoder.miniLm()) {
            return Prompts.categories(encoder, words, templates, progress);
          }
        });
  }

  /** Nothing is held. */
  @Override
  public void close() {}
}
