package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a batch under the subject that they are of, so that each subject's go through
 * something at once.
 *
 * @param bySubject row numbers under each subject that occurs, in the order of their first rows
 */
record SubjectRows(Map<Integer, List<Integer>> bySubject) {
  /** What becomes of the rows of one subject; −1 is one that was not trained. */
  @FunctionalInterface
  interface Mapping {
    Value of(int subject, Value rows);
  }

  /**
   * Sorts rows.
   *
   * @param subject of each row, from −1
   * @param subjects how many were trained
   * @param what asks, for the message
   */
  static SubjectRows of(long[] subject, int subjects, String what) {
    Map<Integer, List<Integer>> rows = new LinkedHashMap<>();
    for (int row = 0; row < subject.length; row++) {
      Check.argument(
          subject[row] >= -1 && subject[row] < subjects,
          "%s: row %d is of subject %d, expected -1 to %d",
          what,
          row,
          subject[row],
          subjects - 1);
      rows.computeIfAbsent(Math.toIntExact(subject[row]), s -> new ArrayList<>()).add(row);
    }
    return new SubjectRows(rows);
  }

  /** The subject of each row of a pass; the only one needs no number, nor does a graph of it. */
  static long[] subjects(Pass pass, int rows, int subjects) {
    return subjects == 1 ? new long[rows] : pass.further(SubjectLinear.SUBJECT).toLongs();
  }

  /** Each subject's rows through a mapping of its own, put back where they were. */
  Value through(Value input, Mapping mapping) {
    Value[] results = new Value[bySubject.size()];
    int next = 0;
    for (Map.Entry<Integer, List<Integer>> entry : bySubject.entrySet()) {
      Value own = results.length == 1 ? input : Ops.select(input, 0, numbers(entry.getValue()));
      results[next++] = mapping.of(entry.getKey(), own);
    }
    return results.length == 1
        ? results[0]
        : Ops.select(Ops.concatenate(0, results), 0, numbers(places()));
  }

  /** Where each row is after the rows have been put behind each other by subject. */
  private List<Integer> places() {
    List<Integer> order = bySubject.values().stream().flatMap(List::stream).toList();
    Integer[] places = new Integer[order.size()];
    for (int i = 0; i < places.length; i++) {
      places[order.get(i)] = i;
    }
    return List.of(places);
  }

  private static Value numbers(List<Integer> numbers) {
    return Value.of(numbers.stream().mapToLong(n -> n).toArray(), numbers.size());
  }
}
