package io.noesis.encoders;

import io.noesis.run.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose rows of responses are, and where they were recorded.
 *
 * @param subjects one label per row
 * @param widths how many voxels or channels each subject has, in the order in which networks number
 *     the subjects; rows of those with fewer than others end in zeros
 * @param positions of the sensors or voxels, two or three coordinates each: once where all subjects
 *     have the same, else those of one subject after another; empty where they are not known
 */
public record Recorded(
    List<String> subjects, Map<String, Integer> widths, List<List<Double>> positions) {
  /** Copies, and checks that each row's subject has a width. */
  public Recorded {
    subjects = List.copyOf(subjects);
    widths = Collections.unmodifiableMap(new LinkedHashMap<>(widths));
    positions = positions.stream().map(List::copyOf).toList();
    for (String subject : subjects) {
      Check.argument(
          widths.containsKey(subject),
          "rows of subject '%s': expected one of the subjects %s",
          subject,
          widths.keySet());
    }
  }

  /**
   * Rows that are all of one subject, whose name does not matter.
   *
   * @param rows how many
   * @param width how many voxels or channels
   * @return one subject without a label
   */
  public static Recorded ofOne(int rows, int width) {
    return new Recorded(Collections.nCopies(rows, ""), Map.of("", width), List.of());
  }

  /** The same with sensors or voxels at those positions. */
  public Recorded at(List<List<Double>> sensors) {
    return new Recorded(subjects, widths, sensors);
  }

  /** The number of each row's subject. */
  public int[] numbers() {
    List<String> order = List.copyOf(widths.keySet());
    return subjects.stream().mapToInt(order::indexOf).toArray();
  }
}
