package io.noesis.alignment.retrieve;

import java.util.Arrays;

/**
 * The candidates of one query that may be among its best, by bounds of their similarities: those
 * whose upper bound reaches the k-th best lower one so far. The true best are always among them.
 * Candidates may be offered from several threads at once.
 */
final class NearBest {
  /** The best lower bounds so far, at most k of them, the least first (a heap). */
  private final double[] best;

  private int bestCount;
  private int[] candidates;
  private double[] uppers;
  private int count;
  private volatile double floor = Double.NEGATIVE_INFINITY;

  NearBest(int keep) {
    this.best = new double[keep];
    this.candidates = new int[Math.max(64, 2 * keep)];
    this.uppers = new double[candidates.length];
  }

  /** What an upper bound must reach: at most the k-th best similarity. */
  double floor() {
    return floor;
  }

  /** Raises the floor to a similarity that k candidates are known to reach. */
  private void raiseTo(double similarity) {
    floor = Math.max(floor, similarity);
  }

  /** Offers a candidate by bounds of its similarity; each is offered once. */
  synchronized void offer(int candidate, double lower, double upper) {
    if (upper < floor) {
      return;
    }
    if (count == candidates.length) {
      drop();
      if (count > candidates.length / 2) {
        candidates = Arrays.copyOf(candidates, 2 * candidates.length);
        uppers = Arrays.copyOf(uppers, candidates.length);
      }
    }
    candidates[count] = candidate;
    uppers[count++] = upper;
    if (bestCount < best.length) {
      add(lower);
    } else if (lower > best[0]) {
      replaceLeast(lower);
    }
    if (bestCount == best.length) {
      raiseTo(best[0]);
    }
  }

  private void add(double lower) {
    int at = bestCount++;
    while (at > 0 && best[(at - 1) / 2] > lower) {
      best[at] = best[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    best[at] = lower;
  }

  private void replaceLeast(double lower) {
    int at = 0;
    for (int child = 1; child < best.length; child = 2 * at + 1) {
      if (child + 1 < best.length && best[child + 1] < best[child]) {
        child++;
      }
      if (best[child] >= lower) {
        break;
      }
      best[at] = best[child];
      at = child;
    }
    best[at] = lower;
  }

  private void drop() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (uppers[i] >= floor) {
        candidates[kept] = candidates[i];
        uppers[kept++] = uppers[i];
      }
    }
    count = kept;
  }

  /** Hears candidates. */
  @FunctionalInterface
  interface Use {
    /**
     * Takes one.
     *
     * @param candidate its number
     * @return a similarity that k candidates are known to reach by now
     */
    double accept(int candidate);
  }

  /** Hands out those that are left, the most promising first, as long as they may matter. */
  synchronized void drain(Use use) {
    drop();
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(uppers[b], uppers[a]));
    for (int i : order) {
      if (uppers[i] < floor) {
        break;
      }
      raiseTo(use.accept(candidates[i]));
    }
    count = 0;
  }
}
