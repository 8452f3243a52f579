package io.noesis.alignment.train;

import io.noesis.alignment.loss.Loss;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.torch.Scope;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How much of what a network learned is added to what it could do at the start, as far as
 * validation rows approve: the loss must be smaller and the embedding at least as near the targets
 * in direction, which is what decoders are compared by. A loss alone can be made smaller by
 * embeddings that only sound less certain. Where the loss looks at further outputs, too, these
 * learn on while the embedding keeps what is approved of.
 *
 * @param names of weights that are 0 at the start, among all that are trained
 * @param shrinks whether parts of them are tried
 */
record Share(Set<String> names, boolean shrinks) {
  private static final double[] PARTS = {0, 0.25, 0.5, 0.75, 1};

  /** Of a mean cosine in float32: the start itself must pass, whatever order sums are made in. */
  private static final double ROUNDING = 1e-6;

  /** The share of a training; no parts are tried where the embedding is all there is. */
  static Share of(Trainer.Start start, Loss loss) {
    return new Share(
        start.share().stream()
            .map(name -> Objective.PREFIX + name)
            .collect(Collectors.toUnmodifiableSet()),
        loss.links().stream().anyMatch(link -> link.head().isPresent()));
  }

  /** Whether there is a start that an epoch must not fall behind. */
  boolean guards() {
    return !names.isEmpty();
  }

  /**
   * What came of an epoch.
   *
   * @param validation the smallest loss of validation rows
   * @param weights those of the share with which it is that
   * @param approved whether the embedding is as near the targets as at the start
   */
  record Best(double validation, Map<String, Tensor> weights, boolean approved) {}

  /**
   * Tries parts of the learned share.
   *
   * @param parameters as they are; left so
   * @param judged validation rows with the parameters at hand
   * @param least cosine of embedding and target at the start
   * @return the best part
   */
  Best best(Parameters parameters, Supplier<Objective.Judged> judged, double least) {
    if (!shrinks || names.isEmpty()) {
      Objective.Judged whole = judged.get();
      return new Best(whole.loss(), Map.of(), near(whole, least));
    }
    Map<String, Tensor> learned = new LinkedHashMap<>();
    Scope.run(() -> names.forEach(name -> learned.put(name, parameters.get(name).toTensor())));
    Best best = new Best(Double.POSITIVE_INFINITY, learned, false);
    for (double part : PARTS) {
      Map<String, Tensor> shrunk = new LinkedHashMap<>();
      learned.forEach((name, tensor) -> shrunk.put(name, tensor.map(value -> value * part)));
      parameters.startFrom(shrunk);
      Objective.Judged found = judged.get();
      if (near(found, least) && found.loss() < best.validation()) {
        best = new Best(found.loss(), shrunk, true);
      }
    }
    parameters.startFrom(learned);
    return best;
  }

  private boolean near(Objective.Judged judged, double least) {
    return !guards() || judged.cosine() >= least - ROUNDING;
  }
}
