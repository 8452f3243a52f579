package io.noesis.alignment.embedding;

import io.noesis.run.Progress;
import java.util.List;

/**
 * The sentence embedding of each stimulus's caption.
 *
 * @param choice which captions count
 */
record CaptionTargets(CaptionChoice choice) implements OfCaptions {
  static TargetExtractor open(TargetSpec spec) {
    return new StimulusTargets<>(new CaptionTargets(spec.captions()), spec.cache());
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
  public String kind() {
    return "caption";
  }
}
