package io.noesis.encoders;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was shown in each row, as far as it is known.
 *
 * @param stimuli one id per row, equal where a stimulus was shown again; empty when not known
 * @param targets further things to decode by name ({@code text}, {@code latent}), one row each; the
 *     decoder's embedding is not among them
 */
public record Shown(List<String> stimuli, Map<String, Tensor> targets) {
  /** Nothing but the embedding is known. */
  public static final Shown UNKNOWN = new Shown(List.of(), Map.of());

  /** Copies. */
  public Shown {
    stimuli = List.copyOf(stimuli);
    targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
  }

  /** Stimuli, without further targets. */
  public static Shown of(List<String> stimuli) {
    return new Shown(stimuli, Map.of());
  }

  /** The same with one more target. */
  public Shown with(String name, Tensor target) {
    Map<String, Tensor> more = new LinkedHashMap<>(targets);
    more.put(name, target);
    return new Shown(stimuli, more);
  }

  /** What was shown in some of the rows. */
  Shown some(int[] which) {
    Map<String, Tensor> fewer = new LinkedHashMap<>();
    targets.forEach((name, target) -> fewer.put(name, target.rows(which)));
    List<String> ids =
        stimuli.isEmpty() ? stimuli : Arrays.stream(which).mapToObj(stimuli::get).toList();
    return new Shown(ids, fewer);
  }

  void check(int rows) {
    if (!stimuli.isEmpty()) {
      Check.size("stimulus ids", rows, stimuli.size());
    }
    targets.forEach((name, target) -> Check.size("rows of target " + name, rows, target.dim(0)));
  }

  /** The rows of several tables one after another. */
  static Shown join(List<Shown> parts) {
    Shown first = parts.get(0);
    for (Shown part : parts) {
      Check.argument(
          part.stimuli.isEmpty() == first.stimuli.isEmpty()
              && part.targets.keySet().equals(first.targets.keySet()),
          "joining subjects: expected the same to be known of all, found stimuli and targets %s"
              + " of one and %s of another",
          first.targets.keySet(),
          part.targets.keySet());
    }
    Map<String, Tensor> targets = new LinkedHashMap<>();
    for (String name : first.targets.keySet()) {
      targets.put(
          name,
          Tensor.concatenate(
              parts.stream().map(part -> part.targets.get(name)).toArray(Tensor[]::new)));
    }
    return new Shown(parts.stream().flatMap(part -> part.stimuli.stream()).toList(), targets);
  }
}
