package io.noesis.ingest.study;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One row per trial, in recording order; row {@code i} belongs to row {@code i} of the responses.
 *
 * @param trials the rows
 */
public record TrialTable(List<Trial> trials) {
  /** Copies the rows. */
  public TrialTable {
    trials = List.copyOf(trials);
  }

  /** How many trials. */
  public int size() {
    return trials.size();
  }

  /** One trial by row. */
  public Trial get(int row) {
    return trials.get(row);
  }

  /**
   * The distinct values of one property, in order of first appearance: recordings, stimuli, ...
   *
   * @param property for example {@code Trial::recording}
   * @return the distinct values
   */
  public List<String> distinct(Function<Trial, String> property) {
    LinkedHashSet<String> seen = new LinkedHashSet<>();
    for (Trial trial : trials) {
      seen.add(property.apply(trial));
    }
    return List.copyOf(seen);
  }

  /**
   * The rows whose trial meets a condition, ascending.
   *
   * @param condition the condition
   * @return row numbers, owned by the caller
   */
  public int[] rows(Predicate<Trial> condition) {
    return java.util.stream.IntStream.range(0, trials.size())
        .filter(i -> condition.test(trials.get(i)))
        .toArray();
  }

  /**
   * The trials of those rows, in that order.
   *
   * @param rows row numbers
   * @return a smaller table, numbered anew from 0
   */
  public TrialTable select(int[] rows) {
    List<Trial> chosen = new ArrayList<>(rows.length);
    for (int row : rows) {
      chosen.add(trials.get(row));
    }
    return new TrialTable(chosen);
  }
}
