package io.noesis.reconstruction.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * CIDEr (Vedantam et al. 2015, doi:10.1109/CVPR.2015.7299087) as the COCO evaluation computes it:
 * the clipped cosine of tf-idf vectors of runs of 1 to 4 words, times {@code exp(-d^2 / 72)} for a
 * difference d of the numbers of bigrams, mean over the four lengths, times 10. How rare a run is
 * is taken from the references of this very set, so values of sets of other sizes do not compare.
 */
final class Cider {
  private static final int LONGEST = 4;
  private static final double SPREAD = 6;

  private final List<Vectors> made;
  private final List<Vectors> shown;

  /** The tf-idf vectors of one caption by length of run. */
  private record Vectors(
      List<Map<List<String>, Double>> weights, List<Double> lengths, int bigrams) {}

  private Cider(List<Vectors> made, List<Vectors> shown) {
    this.made = made;
    this.shown = shown;
  }

  static PairStatistic of(List<List<String>> made, List<List<String>> shown) {
    Map<List<String>, Integer> frequency = new HashMap<>();
    for (List<String> caption : shown) {
      for (int n = 1; n <= LONGEST; n++) {
        CaptionWords.grams(caption, n).keySet().forEach(g -> frequency.merge(g, 1, Integer::sum));
      }
    }
    double all = Math.log(shown.size());
    Cider cider =
        new Cider(
            made.stream().map(words -> vectors(words, frequency, all)).toList(),
            shown.stream().map(words -> vectors(words, frequency, all)).toList());
    return new PairTable(made.size(), cider::at, PairTable.Summary.MEAN, OptionalDouble.empty());
  }

  private static Vectors vectors(
      List<String> words, Map<List<String>, Integer> frequency, double all) {
    List<Map<List<String>, Double>> weights = new ArrayList<>();
    List<Double> lengths = new ArrayList<>();
    for (int n = 1; n <= LONGEST; n++) {
      Map<List<String>, Double> weight = new HashMap<>();
      CaptionWords.grams(words, n)
          .forEach(
              (gram, count) ->
                  weight.put(
                      gram,
                      count * (all - Math.log(Math.max(1, frequency.getOrDefault(gram, 0))))));
      weights.add(weight);
      lengths.add(Math.sqrt(weight.values().stream().mapToDouble(w -> w * w).sum()));
    }
    return new Vectors(weights, lengths, Math.max(0, words.size() - 1));
  }

  private double at(int caption, int reference) {
    Vectors a = made.get(caption);
    Vectors b = shown.get(reference);
    double difference = a.bigrams() - b.bigrams();
    double penalty = Math.exp(-difference * difference / (2 * SPREAD * SPREAD));
    double sum = 0;
    for (int k = 0; k < LONGEST; k++) {
      Map<List<String>, Double> there = b.weights().get(k);
      double product = 0;
      for (Map.Entry<List<String>, Double> gram : a.weights().get(k).entrySet()) {
        double other = there.getOrDefault(gram.getKey(), 0.0);
        product += Math.min(gram.getValue(), other) * other;
      }
      double lengths = a.lengths().get(k) * b.lengths().get(k);
      sum += penalty * (lengths == 0 ? product : product / lengths);
    }
    return 10 * sum / LONGEST;
  }
}
