package io.noesis.encoders;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What was shown in each row, as far as it is known.
 *
 * @param stimuli one id per row, equal where a stimulus was shown again; empty when not known
 * @param targets further things to decode by name ({@code text}, {@code latent}), one row each; the
 *     decoder's embedding is not among them
 * @param inputs features of what was shown that the decoder is told, by name ({@code first-frame}):
 *     they are not decoded, and must be told for new responses too; {@code [rows, ...]} each
 * @param choices targets of which a network in training meets one drawn anew in each batch, in the
 *     place of the one that stands for a row everywhere else: by the name of a further target, or
 *     {@link #EMBEDDING}
 */
public record Shown(
    List<String> stimuli,
    Map<String, Tensor> targets,
    Map<String, Tensor> inputs,
    Map<String, Choices> choices) {
  /** The name of the decoder's embedding among {@link #choices}. */
  public static final String EMBEDDING = "";

  /** Nothing but the embedding is known. */
  public static final Shown UNKNOWN = new Shown(List.of(), Map.of());

  /** Copies. */
  public Shown {
    stimuli = List.copyOf(stimuli);
    targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
  }

  /** Of whose targets none is drawn. */
  public Shown(List<String> stimuli, Map<String, Tensor> targets, Map<String, Tensor> inputs) {
    this(stimuli, targets, inputs, Map.of());
  }

  /** Of which a decoder is told nothing. */
  public Shown(List<String> stimuli, Map<String, Tensor> targets) {
    this(stimuli, targets, Map.of());
  }

  /** Stimuli, without further targets. */
  public static Shown of(List<String> stimuli) {
    return new Shown(stimuli, Map.of());
  }

  /** The same with one more target. */
  public Shown with(String name, Tensor target) {
    Map<String, Tensor> more = new LinkedHashMap<>(targets);
    more.put(name, target);
    return new Shown(stimuli, more, inputs, choices);
  }

  /** The same with other features that the decoder is told. */
  public Shown telling(Map<String, Tensor> features) {
    return new Shown(stimuli, targets, features, choices);
  }

  /** The same with targets of which one is drawn in each batch. */
  public Shown drawing(Map<String, Choices> from) {
    return new Shown(stimuli, targets, inputs, from);
  }

  /** What was shown in some of the rows. */
  Shown some(int[] which) {
    List<String> ids =
        stimuli.isEmpty() ? stimuli : Arrays.stream(which).mapToObj(stimuli::get).toList();
    Map<String, Choices> fewer = new LinkedHashMap<>();
    choices.forEach((name, all) -> fewer.put(name, all.some(which)));
    return new Shown(ids, rows(targets, which), rows(inputs, which), fewer);
  }

  /**
   * Some rows of several tables.
   *
   * @param tables by name, {@code [rows, ...]} each
   * @param which row numbers, in the order that they shall have
   * @return copies of them
   */
  public static Map<String, Tensor> rows(Map<String, Tensor> tables, int[] which) {
    Map<String, Tensor> fewer = new LinkedHashMap<>();
    tables.forEach((name, table) -> fewer.put(name, table.rows(which)));
    return fewer;
  }

  void check(int rows) {
    if (!stimuli.isEmpty()) {
      Check.size("stimulus ids", rows, stimuli.size());
    }
    targets.forEach((name, target) -> Check.size("rows of target " + name, rows, target.dim(0)));
    inputs.forEach((name, input) -> Check.size("rows of input " + name, rows, input.dim(0)));
    choices.forEach(
        (name, all) -> {
          Check.size("rows that draw a target " + name, rows, all.ofRow().size());
          Check.argument(
              name.equals(EMBEDDING) || targets.containsKey(name),
              "drawing targets: there is no further target '%s' among %s",
              name,
              targets.keySet());
        });
  }

  /** The rows of several tables one after another. */
  static Shown join(List<Shown> parts) {
    Shown first = parts.get(0);
    for (Shown part : parts) {
      Check.argument(
          part.stimuli.isEmpty() == first.stimuli.isEmpty()
              && part.targets.keySet().equals(first.targets.keySet())
              && part.inputs.keySet().equals(first.inputs.keySet())
              && part.choices.keySet().equals(first.choices.keySet()),
          "joining subjects: expected the same to be known of all, found stimuli, targets %s,"
              + " inputs %s and drawn ones %s of one, %s, %s and %s of another",
          first.targets.keySet(),
          first.inputs.keySet(),
          first.choices.keySet(),
          part.targets.keySet(),
          part.inputs.keySet(),
          part.choices.keySet());
    }
    Map<String, Choices> choices = new LinkedHashMap<>();
    for (String name : first.choices.keySet()) {
      choices.put(
          name,
          Choices.join(
              parts.stream().map(part -> Objects.requireNonNull(part.choices.get(name))).toList()));
    }
    return new Shown(
        parts.stream().flatMap(part -> part.stimuli.stream()).toList(),
        joined(parts, Shown::targets),
        joined(parts, Shown::inputs),
        choices);
  }

  private static Map<String, Tensor> joined(
      List<Shown> parts, Function<Shown, Map<String, Tensor>> tables) {
    Map<String, Tensor> joined = new LinkedHashMap<>();
    for (String name : tables.apply(parts.get(0)).keySet()) {
      joined.put(
          name,
          Tensor.concatenate(
              parts.stream().map(part -> tables.apply(part).get(name)).toArray(Tensor[]::new)));
    }
    return joined;
  }
}
