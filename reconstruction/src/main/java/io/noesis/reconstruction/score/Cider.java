package io.noesis.reconstruction.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * CIDEr (Vedantam et al. 2015, doi:10.1109/CVPR.2015.7299087) as the COCO evaluation computes it:
 * the clipped cosine of tf-idf vectors of runs of 1 to 4 words, times {@code exp(-d^2 / 72)} for a
 * difference d of the numbers of bigrams, mean over the four lengths, times 10; of several
 * references the mean. How rare a run is is taken from the references of this very set (of how many
 * stimuli one has it), so values of sets of other sizes do not compare.
 */
final class Cider {
  private static final int LONGEST = 4;
  private static final double SPREAD = 6;

  private final List<Vectors> made;
  private final List<List<Vectors>> shown;

  /** The tf-idf vectors of one caption by length of run. */
  private record Vectors(
      List<Map<List<String>, Double>> weights, List<Double> lengths, int bigrams) {}

  private Cider(List<Vectors> made, List<List<Vectors>> shown) {
    this.made = made;
    this.shown = shown;
  }

  static PairStatistic of(List<List<String>> made, List<List<List<String>>> shown) {
    Map<List<String>, Integer> frequency = new HashMap<>();
    for (List<List<String>> references : shown) {
      Set<List<String>> grams = new HashSet<>();
      for (List<String> caption : references) {
        for (int n = 1; n <= LONGEST; n++) {
          grams.addAll(CaptionWords.grams(caption, n).keySet());
        }
      }
      grams.forEach(gram -> frequency.merge(gram, 1, Integer::sum));
    }
    double all = Math.log(shown.size());
    Cider cider =
        new Cider(
            made.stream().map(words -> vectors(words, frequency, all)).toList(),
            shown.stream()
                .map(one -> one.stream().map(words -> vectors(words, frequency, all)).toList())
                .toList());
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

  private double at(int caption, int stimulus) {
    Vectors a = made.get(caption);
    return shown.get(stimulus).stream().mapToDouble(b -> likeness(a, b)).average().orElseThrow();
  }

  private static double likeness(Vectors a, Vectors b) {
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
