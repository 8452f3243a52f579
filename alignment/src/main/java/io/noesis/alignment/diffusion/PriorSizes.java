package io.noesis.alignment.diffusion;

import io.noesis.encoders.NetworkSizes;
import io.noesis.run.Check;
import java.util.List;

/**
 * Shapes of embeddings without the rows.
 *
 * @param condition of decoded ones: {@code [dim]} or {@code [tokens, dim]}
 * @param embedding of true ones: {@code [dim]} or {@code [tokens, dim]}
 */
public record PriorSizes(List<Integer> condition, List<Integer> embedding) {
  /** Copies. */
  public PriorSizes {
    condition = List.copyOf(condition);
    embedding = List.copyOf(embedding);
    Check.argument(
        !condition.isEmpty() && !embedding.isEmpty(),
        "a diffusion prior: expected axes of condition and embedding, found %s and %s",
        condition,
        embedding);
  }

  /** Numbers of a decoded embedding. */
  public int conditionSize() {
    return condition.stream().reduce(1, Math::multiplyExact);
  }

  /** Numbers of a true embedding. */
  public int embeddingSize() {
    return embedding.stream().reduce(1, Math::multiplyExact);
  }

  /** What the trainer is told: both behind each other go in. */
  public NetworkSizes together() {
    return NetworkSizes.of(conditionSize() + embeddingSize(), embeddingSize());
  }
}
