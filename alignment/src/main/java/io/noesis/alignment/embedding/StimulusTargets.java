package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One embedding per stimulus, of something that every stimulus must have; of several, their mean,
 * in a space of unit vectors brought back to length 1. The model is loaded when it is first needed,
 * which it is not where a cache has the embeddings. Not thread-safe.
 *
 * @param <T> what is embedded: a caption, a picture
 */
public final class StimulusTargets<T> implements TargetExtractor {
  private final Source<T> source;
  private final EmbeddingCache cache;
  private @Nullable String fingerprint;
  private @Nullable Encoding<T> opened;

  /**
   * What is embedded, and by which model.
   *
   * @param <T> what is embedded
   */
  public interface Source<T> {
    /** SHA-256 over the model and its settings; the model is not loaded for it. */
    String fingerprint();

    /** Where vectors of so many numbers of this model live. */
    EmbeddingSpace space(int dim);

    /** Loads the model; the caller closes it. */
    Encoding<T> open();

    /** What a stimulus has of it. */
    List<T> of(Stimulus stimulus);

    /** What becomes of several of one stimulus. */
    default CaptionChoice choice() {
      return CaptionChoice.FIRST;
    }

    /** For messages: {@code "making caption targets"}. */
    String making();

    /** For messages: {@code "caption, expected a sentence"}, of a stimulus that has none. */
    String missing();

    /** For messages: the column of the stimulus table that would bring it. */
    String column();

    /** What decides the embedding of one, for the cache. */
    String content(T one);
  }

  /**
   * A loaded model.
   *
   * @param <T> what is embedded
   */
  public interface Encoding<T> extends AutoCloseable {
    /** Where its vectors live. */
    EmbeddingSpace space();

    /** One vector per id. */
    Embeddings encode(List<String> ids, List<T> all, Progress progress);

    /** Releases the model; later calls do nothing. */
    @Override
    void close();
  }

  /**
   * Targets of a source.
   *
   * @param source what is embedded, and by which model
   * @param cache a folder that keeps embeddings between runs, if any
   */
  public StimulusTargets(Source<T> source, Optional<Path> cache) {
    this.cache = EmbeddingCache.of(cache);
    this.source = source;
  }

  private Encoding<T> opened() {
    if (opened == null) {
      opened = source.open();
    }
    return opened;
  }

  @Override
  public EmbeddingSpace space() {
    return opened().space();
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.STIMULUS;
  }

  @Override
  public String fingerprint() {
    if (fingerprint == null) {
      String several = source.choice().several();
      fingerprint =
          several.isEmpty()
              ? source.fingerprint()
              : Fingerprint.ofText(source.fingerprint() + "\n" + several);
    }
    return fingerprint;
  }

  @Override
  public Embeddings extract(StimulusSet stimuli, Progress progress) {
    return extractAll(stimuli, progress).embeddings();
  }

  @Override
  public Extracted extractAll(StimulusSet stimuli, Progress progress) {
    List<String> ids = List.copyOf(stimuli.ids());
    List<List<T>> of = new ArrayList<>();
    for (Stimulus stimulus : stimuli.all()) {
      List<T> own = source.of(stimulus);
      if (own.isEmpty()) {
        throw missing(stimulus, stimuli.size());
      }
      of.add(own);
    }
    List<T> all = of.stream().flatMap(List::stream).toList();
    if (all.size() == ids.size()) {
      return new Extracted(embeddings(ids, all, progress), Optional.empty());
    }
    List<String> numbers = IntStream.range(0, all.size()).mapToObj(Integer::toString).toList();
    Embeddings each = embeddings(numbers, all, progress);
    List<Integer> counts = of.stream().map(List::size).toList();
    return new Extracted(
        means(ids, counts, each),
        source.choice() == CaptionChoice.EACH
            ? Optional.of(new SeveralTargets(ids, counts, each.values()))
            : Optional.empty());
  }

  private Embeddings embeddings(List<String> ids, List<T> all, Progress progress) {
    if (!cache.keeps()) {
      return opened().encode(ids, all, progress);
    }
    return cache.get(
        EmbeddingCache.key(source.fingerprint(), all.stream().map(source::content).toList()),
        source::space,
        ids,
        progress,
        () -> opened().encode(ids, all, progress));
  }

  /** The mean of so many rows for each stimulus; of one row its very bits. */
  private static Embeddings means(List<String> ids, List<Integer> counts, Embeddings each) {
    EmbeddingSpace space = each.space();
    Tensor means = Tensor.zeros(ids.size(), space.dim());
    int row = 0;
    for (int i = 0; i < ids.size(); i++) {
      int count = counts.get(i);
      int[] own = IntStream.range(row, row + count).toArray();
      Vectors.writeMean(each.values().rows(own), space, means.array(), i * space.dim());
      row += count;
    }
    return new Embeddings(space, ids, means);
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
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }
}
