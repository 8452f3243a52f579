package io.noesis.encoders;

import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a training came to. Immutable.
 *
 * @param weights by the names that the network declares
 * @param facts what was chosen meanwhile, for the report: "epoch" to "17 of 60"
 */
public record TrainedWeights(Map<String, Tensor> weights, Map<String, String> facts) {
  /** Copies, keeping the order. */
  public TrainedWeights {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }
}
