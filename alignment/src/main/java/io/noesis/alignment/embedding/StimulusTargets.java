package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One embedding per stimulus, of something that every stimulus must have.
 *
 * @param <T> what is embedded: a caption, a picture
 */
final class StimulusTargets<T> implements TargetExtractor {
  private final Source<T> source;
  private final EmbeddingCache cache;

  /** What is embedded, and by which model. */
  interface Source<T> {
    EmbeddingSpace space();

    String fingerprint();

    /** What a stimulus has of it. */
    Optional<T> of(Stimulus stimulus);

    /** For messages: {@code "making caption targets"}. */
    String making();

    /** For messages: {@code "caption, expected a sentence"}, of a stimulus that has none. */
    String missing();

    /** For messages: the column of the stimulus table that would bring it. */
    String column();

    /** What decides the embedding of one, for the cache. */
    String content(T one);

    Embeddings encode(List<String> ids, List<T> all, Progress progress);

    void close();
  }

  StimulusTargets(TargetSpec spec, Source<T> source) {
    this.cache = EmbeddingCache.of(spec.cache());
    this.source = source;
  }

  @Override
  public EmbeddingSpace space() {
    return source.space();
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.STIMULUS;
  }

  @Override
  public String fingerprint() {
    return source.fingerprint();
  }

  @Override
  public Embeddings extract(StimulusSet stimuli, Progress progress) {
    List<String> ids = List.copyOf(stimuli.ids());
    List<T> all = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    for (Stimulus stimulus : stimuli.all()) {
      T one = source.of(stimulus).orElseThrow(() -> missing(stimulus, stimuli.size()));
      all.add(one);
      contents.add(source.content(one));
    }
    return cache.get(
        EmbeddingCache.key(fingerprint(), contents),
        space(),
        ids,
        progress,
        () -> source.encode(ids, all, progress));
  }

  private DataException missing(Stimulus stimulus, int of) {
    return new DataException(
        source.making()
            + ": the stimulus '"
            + stimulus.id()
            + "' has no "
            + source.missing()
            + " for each of "
            + of
            + ". Add "
            + source.column()
            + " column to the stimulus table, or take another target.");
  }

  @Override
  public void close() {
    source.close();
  }
}
