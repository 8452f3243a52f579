package io.noesis.alignment.train;

import io.noesis.encoders.layer.Layer;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network with the weights that training chose. Immutable.
 *
 * @param network what computes
 * @param weights by name, as the network declares them
 * @param history one record per epoch
 * @param chosenEpoch whose weights they are, from 1; 0 for those it began with
 */
public record TrainedNetwork(
    Layer network, Map<String, Tensor> weights, List<EpochRecord> history, int chosenEpoch) {
  /** Copies. */
  public TrainedNetwork {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    history = List.copyOf(history);
  }
}
