package io.noesis.alignment.retrieve;

import java.util.Arrays;

/**
 * The candidates of one query that may be among its best, by similarities that are wrong by at most
 * half a margin: those not more than the margin below the k-th best so far. The true best are
 * always among them. Not thread-safe.
 */
final class NearBest {
  private final int keep;
  private final float margin;
  private int[] candidates;
  private float[] similarities;
  private int count;
  private float floor = Float.NEGATIVE_INFINITY;

  NearBest(int keep, float margin) {
    this.keep = keep;
    this.margin = margin;
    this.candidates = new int[Math.max(64, 4 * keep)];
    this.similarities = new float[candidates.length];
  }

  /** Offers the similarities of neighbouring candidates. */
  void offer(int first, float[] values, int offset, int n) {
    for (int i = 0; i < n; i++) {
      float value = values[offset + i];
      if (value >= floor) {
        if (count == candidates.length) {
          raise();
          if (count > candidates.length / 2) {
            candidates = Arrays.copyOf(candidates, 2 * candidates.length);
            similarities = Arrays.copyOf(similarities, candidates.length);
          }
          if (value < floor) {
            continue;
          }
        }
        candidates[count] = first + i;
        similarities[count++] = value;
      }
    }
  }

  private void raise() {
    if (count <= keep) {
      return;
    }
    float[] sorted = Arrays.copyOf(similarities, count);
    Arrays.sort(sorted);
    floor = Math.max(floor, sorted[count - keep] - margin);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (similarities[i] >= floor) {
        candidates[kept] = candidates[i];
        similarities[kept++] = similarities[i];
      }
    }
    count = kept;
  }

  /** Ascending by number. */
  int[] candidates() {
    raise();
    return Arrays.copyOf(candidates, count);
  }
}
