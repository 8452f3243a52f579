package io.noesis.alignment.train;

import io.noesis.alignment.loss.Loss;
import io.noesis.encoders.layer.Layer;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A network with the weights that training chose. Immutable.
 *
 * @param network what computes
 * @param weights by name, as the network declares them
 * @param history one record per epoch
 * @param chosenEpoch whose weights they are, from 1; 0 for those it began with
 * @param loss by which it was trained, with what it learned itself
 * @param threads of libtorch it was trained on, where it is so large that its last bits depend on
 *     them
 */
public record TrainedNetwork(
    Layer network,
    Map<String, Tensor> weights,
    List<EpochRecord> history,
    int chosenEpoch,
    TrainedLoss loss,
    OptionalInt threads) {
  /**
   * A loss with what it learned. Immutable.
   *
   * @param loss for the sizes of the training
   * @param weights by name, as the loss declares them
   */
  public record TrainedLoss(Loss loss, Map<String, Tensor> weights) {
    /** Copies. */
    public TrainedLoss {
      weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /**
     * Those of a network within it, by the names that it has for them.
     *
     * @param prefix of their names in the loss
     * @return a new map in the same order
     */
    public Map<String, Tensor> weightsBelow(String prefix) {
      Map<String, Tensor> own = new LinkedHashMap<>();
      weights.forEach(
          (name, weight) -> {
            if (name.startsWith(prefix)) {
              own.put(name.substring(prefix.length()), weight);
            }
          });
      return own;
    }
  }

  /** Copies. */
  public TrainedNetwork {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    history = List.copyOf(history);
  }
}
