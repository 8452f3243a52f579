package io.noesis.alignment.train;

import io.noesis.encoders.TrainingRows;
import io.noesis.run.RecipeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which training rows belong together.
 *
 * @param rows numbers of the training rows, ascending
 * @param subject number of each row's subject, for all rows of the table
 * @param stimulus number of each row's stimulus, for all rows; its own where none is known
 * @param known whether stimuli are known
 */
@SuppressWarnings("ArrayRecordComponent") // Package-private; made once, read only.
record RowTable(int[] rows, int[] subject, int[] stimulus, boolean known) {
  static RowTable of(TrainingRows table, int[] rows) {
    List<String> ids = table.shown().stimuli();
    Map<String, Integer> numbers = new HashMap<>();
    int[] stimulus =
        ids.isEmpty()
            ? IntStream.range(0, table.groups().size()).toArray()
            : ids.stream()
                .mapToInt(id -> numbers.computeIfAbsent(id, n -> numbers.size()))
                .toArray();
    return new RowTable(rows, table.recorded().numbers(), stimulus, !ids.isEmpty());
  }

  /** The rows of each subject, in the order of the subjects' numbers; none is empty. */
  static List<int[]> bySubject(int[] some, int[] subject) {
    return IntStream.of(some)
        .map(row -> subject[row])
        .distinct()
        .sorted()
        .mapToObj(number -> IntStream.of(some).filter(row -> subject[row] == number).toArray())
        .toList();
  }

  /** The training rows of each stimulus and subject, in the order of their first ones. */
  List<int[]> repetitions(String asking) {
    if (!known) {
      throw new RecipeException(
          asking
              + " needs to know which rows are of the same stimulus, and these rows do not say it."
              + " Leave the setting out, or give the stimuli with the rows (Shown.of).");
    }
    Map<List<Integer>, List<Integer>> sets = new LinkedHashMap<>();
    for (int row : rows) {
      sets.computeIfAbsent(List.of(subject[row], stimulus[row]), key -> new ArrayList<>()).add(row);
    }
    return sets.values().stream().map(set -> set.stream().mapToInt(i -> i).toArray()).toList();
  }
}
