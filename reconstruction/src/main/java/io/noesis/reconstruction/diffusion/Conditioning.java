package io.noesis.reconstruction.diffusion;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * What a network reads beside sample and time step, by the name of its input.
 *
 * @param given one row per picture
 * @param without the same inputs for the unconditional half of guidance
 * @param shared inputs without rows, such as a scale
 */
record Conditioning(
    Map<String, Tensor> given, Map<String, Tensor> without, Map<String, Tensor> shared) {
  Conditioning {
    Check.argument(
        given.keySet().equals(without.keySet()),
        "the unconditional half has the inputs %s, expected %s",
        without.keySet(),
        given.keySet());
  }

  static Conditioning of(Map<String, Tensor> given, Map<String, Tensor> without) {
    return new Conditioning(given, without, Map.of());
  }

  /** More inputs beside these. */
  Conditioning and(Conditioning more) {
    return new Conditioning(
        joined(given, more.given), joined(without, more.without), joined(shared, more.shared));
  }

  private static Map<String, Tensor> joined(Map<String, Tensor> a, Map<String, Tensor> b) {
    Map<String, Tensor> all = new LinkedHashMap<>(a);
    all.putAll(b);
    return all;
  }

  /** What the network is fed without guidance. */
  Map<String, Tensor> alone() {
    return joined(given, shared);
  }

  /** What the network is fed with guidance: the unconditional rows first. */
  Map<String, Tensor> both() {
    Map<String, Tensor> all = new LinkedHashMap<>(shared);
    given.forEach(
        (name, rows) -> {
          Tensor other = Objects.requireNonNull(without.get(name));
          all.put(name, Tensor.concatenate(other, rows));
        });
    return all;
  }

  /** The same with other values in the unconditional half where the two halves differ. */
  Conditioning replacingWithout(UnaryOperator<Tensor> values) {
    Map<String, Tensor> other = new LinkedHashMap<>();
    without.forEach(
        (name, rows) ->
            other.put(name, Objects.equals(given.get(name), rows) ? rows : values.apply(rows)));
    return new Conditioning(given, other, shared);
  }
}
