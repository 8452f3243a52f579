package io.noesis.reconstruction.caption;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.run.CancelledException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Writes sentences from embeddings alone. The caller closes it. */
public interface Captioner extends AutoCloseable {
  /** The space that it takes embeddings of. */
  EmbeddingSpace space();

  /** What was stated of its space, label and value, for readers. */
  default Map<String, String> facts() {
    return Map.of();
  }

  /**
   * One caption per embedding; a caption does not depend on the other rows.
   *
   * @param embeddings {@code [n, dim]} or, where the model wants tokens, {@code [n, tokens, dim]}
   * @param request how the words are chosen
   * @param progress hears of every caption, and with a step of 0 of every word; what it throws
   *     there ends the work
   * @return {@code n} captions
   * @throws ModelException when the network gives no finite numbers
   * @throws CancelledException when the thread is interrupted between words
   */
  List<Caption> caption(Tensor embeddings, CaptionRequest request, Progress progress);

  /** SHA-256 over the model and everything else that decides the captions of given embeddings. */
  String fingerprint();

  /** Releases the model; later calls do nothing. */
  @Override
  void close();
}
