package io.noesis.alignment.embedding;

import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Progress;
import java.util.List;
import java.util.Optional;

/** Makes the embeddings that brain responses are aligned to. The caller closes it. */
public interface TargetExtractor extends AutoCloseable {
  /** Where the targets live. */
  EmbeddingSpace space();

  /** What has a target of its own. */
  TargetUnit unit();

  /**
   * The targets of stimuli.
   *
   * @param stimuli what was shown
   * @param progress hears of every target
   * @return one embedding per stimulus id, or per category in order of first appearance
   * @throws io.noesis.run.DataException when a stimulus lacks what the target is made from
   */
  Embeddings extract(StimulusSet stimuli, Progress progress);

  /**
   * As {@link #extract}, with all targets of each stimulus where one of them is to be drawn at
   * every step of a training.
   */
  default Extracted extractAll(StimulusSet stimuli, Progress progress) {
    return new Extracted(extract(stimuli, progress), Optional.empty());
  }

  /**
   * Targets of stimuli.
   *
   * @param embeddings what stands for each
   * @param each all of them, where one is to be drawn at every step of a training
   */
  record Extracted(Embeddings embeddings, Optional<SeveralTargets> each) {}

  /**
   * The axes that the numbers of one target had before they were laid in a row.
   *
   * @param dim how many numbers that are
   * @return their sizes; one axis where a target is a vector
   */
  default List<Integer> axes(int dim) {
    return List.of(dim);
  }

  /** SHA-256 over the model and everything else that decides the targets of given stimuli. */
  String fingerprint();

  /** Releases the model; later calls do nothing. */
  @Override
  void close();
}
