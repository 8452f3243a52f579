package io.noesis.reconstruction.caption;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The best of many continuations, by score; of equals the one offered first. */
final class Candidates {
  private static final Comparator<Candidate> WORST_FIRST =
      Comparator.comparingDouble(Candidate::score)
          .thenComparing(Comparator.comparingLong(Candidate::order).reversed());

  private final int keep;
  private final PriorityQueue<Candidate> best = new PriorityQueue<>(WORST_FIRST);
  private long offered;

  /**
   * A continuation.
   *
   * @param score what it is compared by
   * @param parent the sentence it goes on from
   * @param word its new word
   * @param order its place among all that were offered
   */
  record Candidate(double score, int parent, int word, long order) {}

  Candidates(int keep) {
    this.keep = keep;
  }

  /**
   * Offers every word after a sentence.
   *
   * @param parent the sentence
   * @param score the sum of its log-probabilities
   * @param divisor what sums are divided by before they are compared
   */
  void offerAll(int parent, double score, double divisor, Logits logits) {
    double base = score - LogSum.of(logits);
    FloatBuffer values = logits.values();
    int count = values.limit();
    long first = offered;
    float hopeless = hopeless(base, divisor);
    for (int word = 0; word < count; word++) {
      float value = values.get(word);
      if (value <= hopeless) {
        continue;
      }
      offered = first + word;
      offer((base + value) / divisor, parent, word);
      hopeless = hopeless(base, divisor);
    }
    offered = first + count;
  }

  /** Logits up to this one need not be offered: rounding apart, the worst kept one is no worse. */
  private float hopeless(double base, double divisor) {
    if (best.size() < keep) {
      return Float.NaN;
    }
    double sum = best.element().score() * divisor;
    double slack = 1e-12 * (Math.abs(sum) + Math.abs(base));
    return Math.nextDown((float) (sum - base - slack));
  }

  void offer(double score, int parent, int word) {
    long order = offered++;
    if (best.size() == keep) {
      Candidate worst = best.element();
      if (!(score > worst.score())) {
        return;
      }
      best.remove();
    }
    best.add(new Candidate(score, parent, word, order));
  }

  /** The kept ones, best first. */
  List<Candidate> sorted() {
    List<Candidate> out = new ArrayList<>(best);
    out.sort(WORST_FIRST.reversed());
    return out;
  }
}
