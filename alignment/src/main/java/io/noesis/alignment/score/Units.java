package io.noesis.alignment.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * The units of a decoding in ascending order of their ids (so that the order of the rows decides
 * nothing), with the rows, the truth and the run of each.
 */
final class Units {
  private final List<String> ids = new ArrayList<>();
  private final int[][] rows;
  private final int[] truth;
  private final String[] runs;

  Units(Decoding d) {
    Map<String, List<Integer>> members = new TreeMap<>();
    for (int r = 0; r < d.rows().size(); r++) {
      members.computeIfAbsent(d.rows().get(r).unit(), u -> new ArrayList<>()).add(r);
    }
    ids.addAll(members.keySet());
    rows = new int[ids.size()][];
    runs = new String[ids.size()];
    List<String> truths = new ArrayList<>();
    int u = 0;
    for (List<Integer> list : members.values()) {
      rows[u] = list.stream().mapToInt(Integer::intValue).toArray();
      truths.add(d.rows().get(list.get(0)).truth());
      runs[u] =
          list.stream().map(r -> d.rows().get(r).run()).distinct().count() == 1
              ? d.rows().get(list.get(0)).run()
              : "";
      u++;
    }
    truth = d.pool().rowsOf(truths);
  }

  int size() {
    return ids.size();
  }

  String id(int unit) {
    return ids.get(unit);
  }

  /** The rows of one unit. */
  int[] rows(int unit) {
    return rows[unit];
  }

  /** The candidate that was shown. */
  int truth(int unit) {
    return truth[unit];
  }

  /** The run, empty when the unit's rows come from several. */
  String run(int unit) {
    return runs[unit];
  }

  /** Whether every unit shows another thing. */
  boolean truthsAreDistinct() {
    return Arrays.stream(truth).distinct().count() == truth.length;
  }

  /** Numbers for names: equal names, equal numbers. */
  static int[] numbered(int size, IntFunction<String> name) {
    Map<String, Integer> number = new HashMap<>();
    int[] out = new int[size];
    for (int i = 0; i < size; i++) {
      int next = number.size();
      out[i] = number.computeIfAbsent(name.apply(i), n -> next);
    }
    return out;
  }
}
