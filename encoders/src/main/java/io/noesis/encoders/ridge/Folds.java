package io.noesis.encoders.ridge;

import io.noesis.run.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Which rows are left out together, by whole groups. */
final class Folds {
  private final int[] foldOfRow;
  private final int count;

  private Folds(int[] foldOfRow, int count) {
    this.foldOfRow = foldOfRow;
    this.count = count;
  }

  /**
   * One fold per group, or, when there are more groups than {@code most}, groups dealt to the fold
   * with the fewest rows, largest group first. Depends on labels and sizes, not on the row order.
   */
  static Folds of(int[] groups, int most) {
    Map<Integer, Integer> sizes = new TreeMap<>();
    for (int group : groups) {
      sizes.merge(group, 1, Integer::sum);
    }
    if (sizes.size() < 2) {
      throw new DataException(
          "choosing a ridge penalty: the "
              + groups.length
              + " training rows form "
              + sizes.size()
              + " group(s), and at least 2 are needed to leave one out. Give groups (runs, sessions or stimuli), or a single penalty.");
    }
    int count = Math.min(most, sizes.size());
    List<Map.Entry<Integer, Integer>> order = new ArrayList<>(sizes.entrySet());
    if (sizes.size() > count) {
      order.sort(
          Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
              .thenComparing(Map.Entry.comparingByKey()));
    }
    int[] rows = new int[count];
    Map<Integer, Integer> foldOfGroup = new TreeMap<>();
    for (Map.Entry<Integer, Integer> group : order) {
      int emptiest = 0;
      for (int f = 1; f < count; f++) {
        emptiest = rows[f] < rows[emptiest] ? f : emptiest;
      }
      rows[emptiest] += group.getValue();
      foldOfGroup.put(group.getKey(), emptiest);
    }
    int[] foldOfRow = new int[groups.length];
    for (int i = 0; i < groups.length; i++) {
      foldOfRow[i] = foldOfGroup.getOrDefault(groups[i], 0);
    }
    return new Folds(foldOfRow, count);
  }

  /** Every row a fold of its own. */
  static Folds single(int rows) {
    if (rows < 2) {
      throw new DataException(
          "choosing a ridge penalty: there is "
              + rows
              + " training row, and at least 2 are needed to leave one out. Give more trials, or a single penalty.");
    }
    return new Folds(IntStream.range(0, rows).toArray(), rows);
  }

  /** Labels of {@code parts} contiguous runs of rows of (nearly) equal length. */
  static int[] contiguous(int rows, int parts) {
    int[] groups = new int[rows];
    for (int i = 0; i < rows; i++) {
      groups[i] = (int) ((long) i * parts / rows);
    }
    return groups;
  }

  int count() {
    return count;
  }

  /** The fold of a row. */
  int of(int row) {
    return foldOfRow[row];
  }

  int rows() {
    return foldOfRow.length;
  }

  /** How many rows the largest fold has. */
  int largest() {
    int[] sizes = new int[count];
    for (int fold : foldOfRow) {
      sizes[fold]++;
    }
    return IntStream.of(sizes).max().orElse(0);
  }

  int[] test(int fold) {
    return rows(fold, Part.TEST);
  }

  int[] train(int fold) {
    return rows(fold, Part.TRAIN);
  }

  private enum Part {
    TEST,
    TRAIN
  }

  private int[] rows(int fold, Part part) {
    int[] out = new int[foldOfRow.length];
    int n = 0;
    for (int i = 0; i < foldOfRow.length; i++) {
      if ((foldOfRow[i] == fold) == (part == Part.TEST)) {
        out[n++] = i;
      }
    }
    return Arrays.copyOf(out, n);
  }
}
