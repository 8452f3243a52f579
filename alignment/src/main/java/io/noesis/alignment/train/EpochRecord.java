package io.noesis.alignment.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What an epoch came to.
 *
 * @param epoch from 1
 * @param step steps done by then
 * @param rate the learning rate of its last step
 * @param loss mean over its batches, of all that was made small
 * @param validation loss of the validation rows; empty without such rows
 * @param terms what layers added, by name, before it was weighted: means over the batches
 */
public record EpochRecord(
    int epoch,
    int step,
    double rate,
    double loss,
    OptionalDouble validation,
    Map<String, Double> terms) {
  /** Copies, keeping the order. */
  public EpochRecord {
    terms = Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }
}
