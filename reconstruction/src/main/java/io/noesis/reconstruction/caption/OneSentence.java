package io.noesis.reconstruction.caption;

import java.util.ArrayList;
import java.util.List;

/** Word after word without a way back: greedy search and sampling. */
final class OneSentence implements Sentences {
  private final Choice choice;
  private final Limits limits;
  private final List<Long> words = new ArrayList<>();

  /** Chooses a word. */
  interface Choice {
    /** A word given the logits of all. */
    int word(Logits logits);
  }

  OneSentence(Choice choice, Limits limits) {
    this.choice = choice;
    this.limits = limits;
  }

  @Override
  public List<Next> advance(List<Logits> logits, int from) {
    long word = choice.word(logits.get(from));
    words.add(word);
    return limits.over(word, words.size()) ? List.of() : List.of(new Next(0, word));
  }

  @Override
  public List<Long> best() {
    return words;
  }
}
