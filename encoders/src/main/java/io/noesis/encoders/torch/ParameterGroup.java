package io.noesis.encoders.torch;

import io.noesis.run.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parameters that share their settings of the optimiser.
 *
 * @param parameters by name; updated in place
 * @param rateFactor times the learning rate of the step
 * @param weightDecay pull towards zero, per unit of learning rate
 */
public record ParameterGroup(Map<String, Value> parameters, double rateFactor, double weightDecay) {
  /** Checks the ranges; keeps the order. */
  public ParameterGroup {
    Check.argument(
        rateFactor >= 0 && weightDecay >= 0,
        "a parameter group: expected factors of at least 0, found learning rate %s, decay %s",
        rateFactor,
        weightDecay);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }
}
