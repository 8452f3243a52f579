package io.noesis.alignment.train;

import io.noesis.alignment.loss.Loss;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.torch.Scope;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * How much of what a network learned is added to what it could do at the start, where its loss
 * looks at further outputs, too: these learn on, while the embedding keeps what validation rows
 * approve of.
 *
 * @param names of weights that are 0 at the start, among all that are trained
 */
record Share(Set<String> names) {
  private static final double[] PARTS = {0, 0.25, 0.5, 0.75, 1};

  /** The share of a training; none where it may not start, or the embedding is all there is. */
  static Share of(Trainer.Start start, Loss loss) {
    boolean heads = loss.links().stream().anyMatch(link -> link.head().isPresent());
    return new Share(
        heads
            ? start.share().stream()
                .map(name -> Objective.PREFIX + name)
                .collect(Collectors.toUnmodifiableSet())
            : Set.of());
  }

  /**
   * What came of an epoch.
   *
   * @param validation the smallest loss of validation rows
   * @param weights those of the share with which it is that
   */
  record Best(double validation, Map<String, Tensor> weights) {}

  /**
   * Tries parts of the learned share.
   *
   * @param parameters as they are; left so
   * @param loss of validation rows with the parameters at hand
   * @return the best part
   */
  Best best(Parameters parameters, DoubleSupplier loss) {
    Map<String, Tensor> learned = new LinkedHashMap<>();
    Scope.run(() -> names.forEach(name -> learned.put(name, parameters.get(name).toTensor())));
    if (learned.isEmpty()) {
      return new Best(loss.getAsDouble(), Map.of());
    }
    Best best = new Best(Double.POSITIVE_INFINITY, learned);
    for (double part : PARTS) {
      Map<String, Tensor> shrunk = new LinkedHashMap<>();
      learned.forEach((name, tensor) -> shrunk.put(name, tensor.map(value -> value * part)));
      parameters.startFrom(shrunk);
      double found = loss.getAsDouble();
      if (found < best.validation()) {
        best = new Best(found, shrunk);
      }
    }
    parameters.startFrom(learned);
    return best;
  }
}
