package io.noesis.reconstruction.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * METEOR (Banerjee and Lavie 2005, https://aclanthology.org/W05-0909) of exact words and then
 * stems, with the parameters of NLTK: {@code (1 - 0.5 (chunks / matches)^3) P R / (0.9 P + 0.1 R)}.
 * Words are matched once, from the last to the first, the last match first; of several references
 * the best counts. Synonyms (WordNet) and paraphrases (the table of METEOR 1.5) are left out, so
 * that values are lower than published ones.
 */
final class Meteor {
  private static final double ALPHA = 0.9;
  private static final double BETA = 3;
  private static final double GAMMA = 0.5;

  private Meteor() {}

  /** A caption in which stems are looked up once, however many it is compared with. */
  record Stemmed(List<String> words, List<String> stems) {
    static Stemmed of(List<String> words) {
      return new Stemmed(words, words.stream().map(PorterStems::of).toList());
    }
  }

  static List<Stemmed> stemmed(List<List<String>> captions) {
    return captions.stream().map(Stemmed::of).toList();
  }

  static double of(Stemmed made, List<Stemmed> references) {
    return references.stream().mapToDouble(shown -> of(made, shown)).max().orElseThrow();
  }

  static double of(Stemmed made, Stemmed shown) {
    int[] partner = new int[made.words().size()];
    Arrays.fill(partner, -1);
    List<Integer> free = new ArrayList<>();
    for (int j = shown.words().size() - 1; j >= 0; j--) {
      free.add(j);
    }
    match(made.words(), shown.words(), partner, free);
    match(made.stems(), shown.stems(), partner, free);
    int matches = 0;
    int chunks = 0;
    int before = -1;
    for (int i = 0; i < partner.length; i++) {
      if (partner[i] >= 0) {
        matches++;
        boolean goesOn = before >= 0 && before == i - 1 && partner[i] == partner[before] + 1;
        chunks += goesOn ? 0 : 1;
        before = i;
      }
    }
    if (matches == 0) {
      return 0;
    }
    double precision = matches / (double) made.words().size();
    double recall = matches / (double) shown.words().size();
    double mean = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall);
    return mean * (1 - GAMMA * Math.pow(chunks / (double) matches, BETA));
  }

  private static void match(
      List<String> made, List<String> shown, int[] partner, List<Integer> free) {
    for (int i = partner.length - 1; i >= 0; i--) {
      for (int k = 0; partner[i] < 0 && k < free.size(); k++) {
        if (made.get(i).equals(shown.get(free.get(k)))) {
          partner[i] = free.remove(k);
        }
      }
    }
  }
}
