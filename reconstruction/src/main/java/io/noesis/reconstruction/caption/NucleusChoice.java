package io.noesis.reconstruction.caption;

import io.noesis.run.PinnedRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Draws a word from the smallest set of most likely words that holds {@code topP} of the
 * probability (Holtzman et al. 2020, arXiv:1904.09751).
 */
final class NucleusChoice implements OneSentence.Choice {
  private final WordSearch.Nucleus settings;
  private final PinnedRandom random;

  NucleusChoice(WordSearch.Nucleus settings, PinnedRandom random) {
    this.settings = settings;
    this.random = random;
  }

  @Override
  public int word(Logits logits) {
    int count = logits.values().limit();
    double[] probability = probabilities(logits);
    // All words below that together hold less than 1 - topP: none of them is reached.
    double least = 0.999 * (1 - settings.topP()) / count;
    // Likely words first, equals by id: the sum runs over doubles in that order.
    int[] order =
        IntStream.range(0, count)
            .filter(word -> probability[word] >= least)
            .boxed()
            .sorted((a, b) -> Double.compare(probability[b], probability[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    int kept = 0;
    double mass = 0;
    while (kept < order.length && (kept == 0 || mass < settings.topP())) {
      mass += probability[order[kept]];
      kept++;
    }
    double at = random.nextDouble() * mass;
    for (int i = 0; i < kept - 1; i++) {
      at -= probability[order[i]];
      if (at < 0) {
        return order[i];
      }
    }
    return order[kept - 1];
  }

  private double[] probabilities(Logits logits) {
    double largest = logits.most();
    double[] out = new double[logits.values().limit()];
    for (int i = 0; i < out.length; i++) {
      // StrictMath: a draw may not depend on the processor.
      out[i] = StrictMath.exp((logits.values().get(i) - largest) / settings.temperature());
    }
    double sum = Arrays.stream(out).sum();
    for (int i = 0; i < out.length; i++) {
      out[i] /= sum;
    }
    return out;
  }
}
