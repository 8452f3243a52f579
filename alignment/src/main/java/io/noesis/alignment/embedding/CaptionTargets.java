package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import java.util.ArrayList;
import java.util.List;

/** The sentence embedding of each stimulus's caption. */
final class CaptionTargets implements TargetExtractor {
  private final SentenceEncoder encoder;
  private final EmbeddingCache cache;

  CaptionTargets(TargetSpec spec) {
    this.cache = EmbeddingCache.of(spec.cache());
    this.encoder = SentenceEncoder.miniLm();
  }

  @Override
  public EmbeddingSpace space() {
    return encoder.space();
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.STIMULUS;
  }

  @Override
  public String fingerprint() {
    return encoder.fingerprint();
  }

  @Override
  public Embeddings extract(StimulusSet stimuli, Progress progress) {
    List<String> ids = List.copyOf(stimuli.ids());
    List<String> captions = new ArrayList<>();
    for (Stimulus stimulus : stimuli.all()) {
      captions.add(
          stimulus
              .caption()
              .filter(c -> !c.isBlank())
              .orElseThrow(
                  () ->
                      new DataException(
                          "making caption targets: the stimulus '"
                              + stimulus.id()
                              + "' has no caption, expected a sentence for each of "
                              + stimuli.size()
                              + ". Add a 'caption' column to the stimulus table, or take another"
                              + " target.")));
    }
    return cache.get(
        EmbeddingCache.key(fingerprint(), captions),
        space(),
        ids,
        progress,
        () -> encoder.encode(ids, captions, progress));
  }

  @Override
  public void close() {
    encoder.close();
  }
}
