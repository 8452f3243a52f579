package io.noesis.alignment.audit;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.Parallel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Target embeddings that point the same way. */
final class NearTargets {
  private NearTargets() {}

  /**
   * Every pair with a cosine above a bound, both ways round.
   *
   * @param targets one per stimulus
   * @param bound for example 0.999
   * @return the near ones of each id that has any
   */
  static Map<String, Set<String>> find(Embeddings targets, double bound) {
    int n = targets.size();
    float[] unit = unit(targets);
    int width = targets.space().dim();
    List<List<Integer>> ofRow = new ArrayList<>(Collections.nCopies(n, List.of()));
    Parallel.forBlocks(
        n,
        16,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            List<Integer> near = new ArrayList<>();
            for (int j = i + 1; j < n; j++) {
              if (dot(unit, i * width, j * width, width) > bound) {
                near.add(j);
              }
            }
            ofRow.set(i, near);
          }
        });
    Map<String, Set<String>> near = new LinkedHashMap<>();
    for (int i = 0; i < n; i++) {
      for (int j : ofRow.get(i)) {
        String one = targets.ids().get(i);
        String other = targets.ids().get(j);
        near.computeIfAbsent(one, k -> new LinkedHashSet<>()).add(other);
        near.computeIfAbsent(other, k -> new LinkedHashSet<>()).add(one);
      }
    }
    return near;
  }

  private static float[] unit(Embeddings targets) {
    float[] values = targets.values().array().clone();
    int width = targets.space().dim();
    for (int row = 0; row < targets.size(); row++) {
      double square = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        square += (double) values[i] * values[i];
      }
      double scale = square > 0 ? 1 / Math.sqrt(square) : 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        values[i] = (float) (values[i] * scale);
      }
    }
    return values;
  }

  private static double dot(float[] values, int a, int b, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += (double) values[a + i] * values[b + i];
    }
    return sum;
  }
}
