package io.noesis.reconstruction.caption;

import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Word after word without a way back: greedy search and sampling. */
final class OneSentence implements Sentences {
  private final Choice choice;
  private final Limits limits;
  private final List<Long> words = new ArrayList<>();

  /** Chooses a word. */
  interface Choice {
    /** A word given the logits of all, {@code count} of them from {@code offset} on. */
    int word(float[] logits, int offset, int count);
  }

  OneSentence(Choice choice, Limits limits) {
    this.choice = choice;
    this.limits = limits;
  }

  /** The most likely; the first of equals. */
  static int greedy(float[] logits, int offset, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (logits[offset + i] > logits[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public List<Next> advance(Tensor logits, int from) {
    int count = logits.dim(1);
    long word = choice.word(logits.array(), from * count, count);
    words.add(word);
    return limits.over(word, words.size()) ? List.of() : List.of(new Next(0, word));
  }

  @Override
  public List<Long> best() {
    return words;
  }
}
