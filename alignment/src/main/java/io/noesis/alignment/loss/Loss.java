package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A number that is small where predictions are right. Immutable. */
public interface Loss {
  /**
   * The same loss for outputs and targets of those sizes. A training asks for it before it names
   * what the loss learns.
   *
   * @param sizes of all outputs and targets
   * @return itself, unless what it learns depends on them
   */
  default Loss of(LossSizes sizes) {
    return this;
  }

  /**
   * Names what the loss itself learns (a temperature).
   *
   * @param parameters collects them; nothing by default
   */
  default void declare(Declaration parameters) {}

  /**
   * The loss of a batch.
   *
   * @param pass parameters of the loss
   * @param batch predictions and targets
   * @return one number
   */
  Value compute(Pass pass, LossBatch batch);

  /**
   * The same, of what concerns the embedding alone where the loss tells it from other outputs: by
   * this an epoch may be chosen.
   *
   * @param pass parameters of the loss
   * @param batch predictions and targets
   * @return one number
   */
  default Value ofEmbedding(Pass pass, LossBatch batch) {
    return compute(pass, batch);
  }

  /** Which outputs of the network it holds against which targets. */
  default List<Link> links() {
    return List.of(Link.EMBEDDING);
  }

  /**
   * How the rows of a batch are to be mixed before the network sees them.
   *
   * @param progress how much of the training is done, 0 to 1
   * @return empty for not at all
   */
  default Optional<RowMixing> mixing(double progress) {
    return Optional.empty();
  }

  /** Files of weights that it reads, which decide what it computes. */
  default List<Path> files() {
    return List.of();
  }

  /** Itself in a few words. */
  String describe();
}
