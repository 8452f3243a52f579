package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.run.CancelledException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Map;

/**
 * Draws embeddings of one space given those of another, by diffusion; runs before a generator. The
 * caller closes it. To be used by one thread at a time.
 */
public interface EmbeddingPrior extends AutoCloseable {
  /** The space that it takes embeddings of. */
  EmbeddingSpace given();

  /** The space that it draws embeddings of. */
  EmbeddingSpace space();

  /** Whether it reads the captions of a request beside its embeddings, or in their place. */
  default boolean readsCaptions() {
    return false;
  }

  /** What was stated of its spaces, label and value, for readers. */
  default Map<String, String> facts() {
    return Map.of();
  }

  /** The plan that its model was made for. */
  SamplingPlan plan();

  /**
   * Refuses a plan that it cannot draw by.
   *
   * @param drawing the plan of requests
   * @throws RecipeException when it does not start from noise or has settings that are unknown
   */
  void requireKnown(SamplingPlan drawing);

  /**
   * One embedding per row; a row does not depend on the others, and the same request gives the same
   * numbers again.
   *
   * @param request embeddings of {@link #given}, seeds, and a plan of strength 1
   * @param progress hears of every call of the network
   * @return {@code [n, dim]} of {@link #space}
   * @throws RecipeException when the request does not fit the model
   * @throws ModelException when the network gives no finite numbers
   * @throws CancelledException when the thread is interrupted between calls
   */
  Tensor draw(EmbeddingRequest request, Progress progress);

  /**
   * The same from texts.
   *
   * @param request prompts, seeds, and a plan of strength 1
   * @param progress hears of every call of the network
   * @return {@code [n, dim]} of {@link #space}
   */
  Tensor draw(PictureRequest request, Progress progress);

  /** SHA-256 over the model. */
  String fingerprint();

  /** Releases the model; later calls do nothing. */
  @Override
  void close();
}
