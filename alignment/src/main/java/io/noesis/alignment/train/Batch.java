package io.noesis.alignment.train;

import io.noesis.alignment.loss.Mixed;
import io.noesis.alignment.loss.RowFacts;
import io.noesis.encoders.Choices;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What one forward pass sees.
 *
 * @param responses {@code [rows, ...]}, mixed already
 * @param targets {@code [rows, ...]}
 * @param further other targets by name
 * @param told features of the stimulus that the network is told, by name; mixed as responses are
 * @param facts subjects, stimuli, and how rows were mixed
 */
record Batch(
    Tensor responses,
    Tensor targets,
    Map<String, Tensor> further,
    Map<String, Tensor> told,
    RowFacts facts) {
  static Batch of(TrainingRows rows, RowTable table, int[] which) {
    List<Long> subjects = new ArrayList<>();
    List<Integer> stimuli = new ArrayList<>();
    for (int row : which) {
      subjects.add((long) table.subject()[row]);
      stimuli.add(table.stimulus()[row]);
    }
    return new Batch(
        rows.responses().rows(which),
        rows.targets().rows(which),
        Shown.rows(rows.shown().targets(), which),
        Shown.rows(rows.shown().inputs(), which),
        new RowFacts(subjects, stimuli, Optional.empty()));
  }

  long[] subjects() {
    return facts.subjects().stream().mapToLong(number -> number).toArray();
  }

  Batch responding(Tensor others) {
    return new Batch(others, targets, further, told, facts);
  }

  /**
   * The same with a target of each row drawn from those it has several of: by the same share of
   * them for all targets, so that a row's embedding and words are of one caption.
   *
   * @param choices of all rows of the table
   * @param which rows of it these are
   * @param seed of the batch
   */
  Batch drawing(Map<String, Choices> choices, int[] which, Seed seed) {
    Map<String, Tensor> all = new LinkedHashMap<>(further);
    all.put(Shown.EMBEDDING, targets);
    choices.forEach(
        (name, own) ->
            all.computeIfPresent(
                name,
                (n, stands) -> own.draw(which, seed.random()).reshape(stands.shape().toArray())));
    Tensor embedding = Objects.requireNonNull(all.remove(Shown.EMBEDDING));
    return new Batch(responses, embedding, all, told, facts);
  }

  /** Responses and targets mixed alike, so that nothing is to be known about it. */
  Batch withTargetsMixed(Mixed how) {
    return new Batch(
        how.apply(responses), how.apply(targets), mixed(further, how), mixed(told, how), facts);
  }

  Batch mixed(Mixed how) {
    return new Batch(
        how.apply(responses),
        targets,
        further,
        mixed(told, how),
        new RowFacts(facts.subjects(), facts.stimuli(), Optional.of(how)));
  }

  private static Map<String, Tensor> mixed(Map<String, Tensor> tables, Mixed how) {
    Map<String, Tensor> mixed = new LinkedHashMap<>();
    tables.forEach((name, table) -> mixed.put(name, how.apply(table)));
    return mixed;
  }

  /** The rows {@code from .. to-1}, of which nothing is known but their subjects. */
  Batch part(int from, int to) {
    int[] which = java.util.stream.IntStream.range(from, to).toArray();
    List<Long> subjects = Arrays.stream(which).mapToObj(facts.subjects()::get).toList();
    return new Batch(
        responses.rows(which),
        targets.rows(which),
        Shown.rows(further, which),
        Shown.rows(told, which),
        new RowFacts(subjects, List.of(), Optional.empty()));
  }
}
