package io.noesis.reconstruction.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * BLEU of a whole set (Papineni et al. 2002, doi:10.3115/1073083.1073135) as the COCO evaluation
 * computes it: clipped counts of runs of 1 to n words summed over all captions, {@code p_k =
 * (correct + 1e-15) / (all + 1e-9)}, their geometric mean, times {@code exp(1 - 1/r)} where the
 * captions are together shorter than their references by the ratio r. Of several references of one
 * stimulus a run counts as often as in the one that has it most, and the length is that of the one
 * nearest in length, of two the shorter.
 */
final class Bleu implements PairStatistic {
  /** The longest run of words that is counted. */
  static final int LONGEST = 4;

  private static final double TINY = 1e-15;
  private static final double SMALL = 1e-9;

  private final int longest;
  private final Counts counts;

  private Bleu(int longest, Counts counts) {
    this.longest = longest;
    this.counts = counts;
  }

  /** BLEU-1 to BLEU-4 over the same counts. */
  static List<Bleu> all(List<List<String>> made, List<List<List<String>>> shown) {
    Counts counts = new Counts(made, shown);
    List<Bleu> all = new ArrayList<>();
    for (int n = 1; n <= LONGEST; n++) {
      all.add(new Bleu(n, counts));
    }
    return all;
  }

  @Override
  public int units() {
    return counts.made.size();
  }

  @Override
  public double of(int[] made, int[] shown) {
    double[] correct = new double[longest];
    double[] all = new double[longest];
    long length = 0;
    long reference = 0;
    for (int i = 0; i < made.length; i++) {
      int[] matched = counts.matched(made[i], shown[i]);
      int words = counts.made.get(made[i]).size();
      length += words;
      reference += counts.nearestLength(words, shown[i]);
      for (int k = 0; k < longest; k++) {
        correct[k] += matched[k];
        all[k] += Math.max(0, words - k);
      }
    }
    double product = 1;
    for (int k = 0; k < longest; k++) {
      product *= (correct[k] + TINY) / (all[k] + SMALL);
    }
    double ratio = (length + TINY) / (reference + SMALL);
    return Math.pow(product, 1.0 / longest) * (ratio < 1 ? Math.exp(1 - 1 / ratio) : 1);
  }

  /** How many runs of each caption are in the references of each stimulus. */
  private static final class Counts {
    private final List<List<String>> made;
    private final List<List<List<String>>> shown;
    private final List<List<Map<List<String>, Integer>>> madeGrams;
    private final List<List<Map<List<String>, Integer>>> shownGrams;
    private final int[][][] known;

    Counts(List<List<String>> made, List<List<List<String>>> shown) {
      this.made = made;
      this.shown = shown;
      this.madeGrams = made.stream().map(Counts::grams).toList();
      this.shownGrams = shown.stream().map(Counts::most).toList();
      this.known = new int[made.size()][shown.size()][];
    }

    private static List<Map<List<String>, Integer>> grams(List<String> words) {
      List<Map<List<String>, Integer>> grams = new ArrayList<>();
      for (int n = 1; n <= LONGEST; n++) {
        grams.add(CaptionWords.grams(words, n));
      }
      return grams;
    }

    /** Each run as often as in the reference that has it most. */
    private static List<Map<List<String>, Integer>> most(List<List<String>> references) {
      List<Map<List<String>, Integer>> most = grams(references.get(0));
      for (List<String> further : references.subList(1, references.size())) {
        List<Map<List<String>, Integer>> own = grams(further);
        for (int k = 0; k < LONGEST; k++) {
          Map<List<String>, Integer> counts = most.get(k);
          own.get(k).forEach((gram, count) -> counts.merge(gram, count, Math::max));
        }
      }
      return most;
    }

    int nearestLength(int words, int stimulus) {
      return shown.get(stimulus).stream()
          .map(List::size)
          .min(Comparator.<Integer>comparingInt(n -> Math.abs(n - words)).thenComparing(n -> n))
          .orElseThrow();
    }

    int[] matched(int caption, int reference) {
      int[] counted = known[caption][reference];
      if (counted == null) {
        int[] fresh = new int[LONGEST];
        for (int k = 0; k < LONGEST; k++) {
          Map<List<String>, Integer> there = shownGrams.get(reference).get(k);
          int n = k;
          madeGrams
              .get(caption)
              .get(k)
              .forEach((gram, count) -> fresh[n] += Math.min(count, there.getOrDefault(gram, 0)));
        }
        known[caption][reference] = fresh;
        return fresh;
      }
      return counted;
    }
  }
}
