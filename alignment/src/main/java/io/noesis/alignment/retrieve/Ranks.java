package io.noesis.alignment.retrieve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ranks from similarities: the number of others that are at least as similar. */
final class Ranks {
  private Ranks() {}

  static int[] descending(double[] similarities) {
    int n = similarities.length;
    double[] sorted = similarities.clone();
    Arrays.sort(sorted);
    int[] rank = new int[n];
    for (int c = 0; c < n; c++) {
      rank[c] = n - 1 - firstNotBelow(sorted, similarities[c]);
    }
    return rank;
  }

  static int[] descendingWithin(double[] similarities, int[][] members) {
    int[] rank = new int[similarities.length];
    for (int[] group : members) {
      double[] own = new double[group.length];
      for (int i = 0; i < group.length; i++) {
        own[i] = similarities[group[i]];
      }
      int[] within = descending(own);
      for (int i = 0; i < group.length; i++) {
        rank[group[i]] = within[i];
      }
    }
    return rank;
  }

  /** The indices of each group, groups in the order of their first member. */
  static int[][] members(List<String> groups) {
    Map<String, List<Integer>> byGroup = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      byGroup.computeIfAbsent(groups.get(i), g -> new ArrayList<>()).add(i);
    }
    return byGroup.values().stream()
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  /** Index of the first element that is not smaller; written out because -0.0 must equal 0.0. */
  private static int firstNotBelow(double[] sorted, double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
