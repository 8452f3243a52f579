package io.noesis.encoders.layer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small instance of a kind of layer, of odd sizes, for {@code describe} and for the checks that
 * every kind must pass.
 *
 * @param layer the instance
 * @param input sizes of its input without the batch
 * @param further its further inputs by name
 * @param gradient what its gradient is
 */
public record LayerSample(
    Layer layer, List<Integer> input, Map<String, Further> further, Gradient gradient) {
  /** What its gradient is. */
  public enum Gradient {
    /** That of what it computes. */
    EXACT,
    /** A stand-in, where the true one would be zero. */
    STAND_IN
  }

  /** A further input of a sample. */
  public sealed interface Further {
    /**
     * Float32 values.
     *
     * @param sizes without the batch
     */
    record Floats(List<Integer> sizes) implements Further {}

    /**
     * Float32 ones and zeros, no two neighbours zero: which tokens are there.
     *
     * @param sizes without the batch
     */
    record Flags(List<Integer> sizes) implements Further {}

    /**
     * One whole number per row, from −1.
     *
     * @param count one more than the largest
     */
    record Numbers(int count) implements Further {}
  }

  /** Keeps the order. */
  public LayerSample {
    input = List.copyOf(input);
    further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
  }

  static LayerSample of(Layer layer, Integer... input) {
    return new LayerSample(layer, List.of(input), Map.of(), Gradient.EXACT);
  }

  LayerSample with(String name, Further value) {
    Map<String, Further> more = new LinkedHashMap<>(further);
    more.put(name, value);
    return new LayerSample(layer, input, more, gradient);
  }

  LayerSample withStandIn() {
    return new LayerSample(layer, input, further, Gradient.STAND_IN);
  }
}
