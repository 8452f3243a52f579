package io.noesis.reconstruction.caption;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The best of many continuations, by score; of equals the one offered first. */
final class Candidates {
  /** Below it a word adds nothing to the sum over all in double precision. */
  private static final double NEGLIGIBLE = -45;

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

  /** The logarithm of the sum of exponentials; the log-probability of a word is its logit less. */
  static double logSum(Logits logits) {
    double largest = logits.most();
    double sum = 0;
    for (float logit : logits.values()) {
      double below = logit - largest;
      if (below > NEGLIGIBLE) {
        sum += Math.exp(below);
      }
    }
    return largest + Math.log(sum);
  }

  /**
   * Offers every word after a sentence.
   *
   * @param parent the sentence
   * @param score the sum of its log-probabilities
   * @param divisor what sums are divided by before they are compared
   */
  void offerAll(int parent, double score, double divisor, Logits logits) {
    double base = score - logSum(logits);
    float[] values = logits.values();
    for (int word = 0; word < values.length; word++) {
      offer((base + values[word]) / divisor, parent, word);
    }
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
