package io.noesis.ingest.study;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trials of one stimulus, averaged. */
public final class Repetitions {
  private Repetitions() {}

  /**
   * Which rows are averaged: those of one stimulus, in their order, so many together; what remains
   * makes a smaller group.
   *
   * @param trials the table
   * @param rows some of its rows
   * @param together how many; 0 for all of a stimulus, 1 for none
   * @return groups of places in {@code rows}, in the order of their first
   */
  public static List<int[]> groups(TrialTable trials, int[] rows, int together) {
    Check.argument(
        together >= 0, "averaging repetitions: expected 0 (all) or more, found %d", together);
    Map<String, List<Integer>> open = new LinkedHashMap<>();
    List<List<Integer>> all = new ArrayList<>();
    for (int place = 0; place < rows.length; place++) {
      String stimulus = trials.get(rows[place]).stimulus();
      List<Integer> group = open.get(stimulus);
      if (group == null || (together > 0 && group.size() == together)) {
        group = new ArrayList<>();
        open.put(stimulus, group);
        all.add(group);
      }
      group.add(place);
    }
    return all.stream().map(g -> g.stream().mapToInt(Integer::intValue).toArray()).toList();
  }

  /**
   * Means of rows.
   *
   * @param rows {@code [rows, ...]}
   * @param groups places of rows
   * @return {@code [groups, ...]}, summed in double
   */
  public static Tensor means(Tensor rows, List<int[]> groups) {
    int[] sizes = rows.shape().toArray();
    int width = sizes[0] == 0 ? 0 : rows.size() / sizes[0];
    sizes[0] = groups.size();
    float[] out = new float[Math.multiplyExact(groups.size(), width)];
    double[] sum = new double[width];
    for (int g = 0; g < groups.size(); g++) {
      int[] group = groups.get(g);
      Arrays.fill(sum, 0);
      for (int place : group) {
        for (int i = 0; i < width; i++) {
          sum[i] += rows.array()[place * width + i];
        }
      }
      for (int i = 0; i < width; i++) {
        out[g * width + i] = (float) (sum[i] / group.length);
      }
    }
    return Tensor.wrap(out, sizes);
  }
}
