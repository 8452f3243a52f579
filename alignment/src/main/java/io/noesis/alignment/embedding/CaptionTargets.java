package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.run.Progress;
import java.util.List;
import java.util.Optional;

/** The sentence embedding of each stimulus's caption. */
final class CaptionTargets implements StimulusTargets.Source<String> {
  private CaptionTargets() {}

  static TargetExtractor open(TargetSpec spec) {
    return new StimulusTargets<>(new CaptionTargets(), spec.cache());
  }

  private record Sentences(SentenceEncoder encoder) implements StimulusTargets.Encoding<String> {
    @Override
    public EmbeddingSpace space() {
      return encoder.space();
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

  @Override
  public StimulusTargets.Encoding<String> open() {
    return new Sentences(SentenceEncoder.miniLm());
  }

  @Override
  public EmbeddingSpace space(int dim) {
    return SentenceEncoder.miniLmSpace();
  }

  @Override
  public String fingerprint() {
    return SentenceEncoder.miniLmFingerprint();
  }

  @Override
  public Optional<String> of(Stimulus stimulus) {
    return stimulus.caption().filter(c -> !c.isBlank());
  }

  @Override
  public String making() {
    return "making caption targets";
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
}
