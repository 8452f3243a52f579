package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.run.CancelledException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes pictures from embeddings. The caller closes it. */
public interface ImageGenerator extends AutoCloseable {
  /** The space that it takes embeddings of. */
  EmbeddingSpace space();

  /** The plan that its model was made for. */
  SamplingPlan plan();

  /**
   * Refuses a plan with settings that its kind does not know; what makes pictures without settings
   * has nothing to refuse.
   *
   * @param sampling the plan of requests
   * @throws RecipeException when it does not know one
   */
  default void requireKnown(SamplingPlan sampling) {}

  /**
   * One picture per embedding; a picture does not depend on the other rows, and the same request
   * gives the same bytes again. On another number of threads the kernels may add in another order:
   * then latents differ by at most 1e-4 of the largest, and pixels by at most one level of 255.
   *
   * @param request what to make
   * @param progress hears of every call of the network; what it throws there ends the work
   * @return the pictures and the latents they were decoded from
   * @throws ModelException when the network gives no finite numbers
   * @throws CancelledException when the thread is interrupted between calls
   */
  Pictures generate(EmbeddingRequest request, Progress progress);

  /** How it samples beside its plan, label and value, for readers. */
  default Map<String, String> facts() {
    return Map.of();
  }

  /**
   * The further conditions that it takes beside embeddings ({@link EmbeddingRequest#also}), by
   * name, with the axes of one picture's: {@code text} with {@code [77, 768]}.
   */
  default Map<String, List<Integer>> also() {
    return Map.of();
  }

  /**
   * Those of them that it cannot do without.
   *
   * @param sampling the plan of a request
   * @return names of {@link #also}
   */
  default Set<String> needs(SamplingPlan sampling) {
    return Set.of();
  }

  /** Whether it reads the captions of a request beside its embeddings. */
  default boolean readsCaptions() {
    return false;
  }

  /**
   * The same model, asked by the captions of requests alone: their embeddings are not looked at.
   * Closing either closes both.
   *
   * @return empty where it makes no pictures of texts
   */
  default Optional<ImageGenerator> byCaption() {
    return Optional.empty();
  }

  /** The latents that a run may start from as they are; none where it starts from pictures. */
  default Optional<EmbeddingSpace> latents() {
    return Optional.empty();
  }

  /**
   * What a request is given to start from pictures.
   *
   * @param pictures one per row; their middle squares are taken, in the generator's size
   * @return for {@link EmbeddingRequest#from}
   * @throws RecipeException when it starts from no pictures
   */
  default Tensor start(List<PixelImage> pictures) {
    throw new RecipeException(
        "starting from pictures: this generator starts from noise alone. Set strength to 1.");
  }

  /** SHA-256 over the model and everything else that decides the pictures of given embeddings. */
  String fingerprint();

  /** Releases the model; later calls do nothing. */
  @Override
  void close();
}
