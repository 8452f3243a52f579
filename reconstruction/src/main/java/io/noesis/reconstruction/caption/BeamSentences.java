package io.noesis.reconstruction.caption;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Beam search as {@code generate(num_beams=...)} of transformers does it without early stopping: of
 * {@code (stops + 1) width} continuations the best {@code width} unfinished ones go on; those
 * finished ones that are among the best {@code width} are kept apart with {@code score /
 * length^penalty}. It ends when {@code width} are kept and the best running sentence, taken at its
 * present length, is no better than the worst of them.
 */
final class BeamSentences implements Sentences {
  private final WordSearch.Beam settings;
  private final Limits limits;
  private final List<Finished> finished = new ArrayList<>();
  private List<Running> running = List.of(new Running(List.of(), 0));
  private int length;

  private record Running(List<Long> words, double score) {
    List<Long> with(long word) {
      List<Long> longer = new ArrayList<>(words);
      longer.add(word);
      return longer;
    }
  }

  private record Finished(List<Long> words, double score) {}

  BeamSentences(WordSearch.Beam settings, Limits limits) {
    this.settings = settings;
    this.limits = limits;
  }

  @Override
  public List<Next> advance(List<Logits> logits, int from) {
    Candidates candidates =
        new Candidates(Math.max(2, 1 + limits.stop().size()) * settings.width());
    for (int i = 0; i < running.size(); i++) {
      candidates.offerAll(i, running.get(i).score(), 1, logits.get(from + i));
    }
    length++;
    List<Running> onward = new ArrayList<>();
    List<Next> next = new ArrayList<>();
    int place = 0;
    for (Candidates.Candidate candidate : candidates.sorted()) {
      List<Long> words = running.get(candidate.parent()).with(candidate.word());
      if (!limits.over(candidate.word(), length)) {
        if (onward.size() < settings.width()) {
          onward.add(new Running(words, candidate.score()));
          next.add(new Next(candidate.parent(), candidate.word()));
        }
      } else if (place < settings.width()) {
        finish(new Finished(words, candidate.score() / divisor()));
      }
      place++;
    }
    running = onward;
    return decided() ? List.of() : next;
  }

  private double divisor() {
    return Math.pow(length, settings.lengthPenalty());
  }

  private void finish(Finished sentence) {
    finished.add(sentence);
    // Stable: of equals the earlier stays.
    finished.sort(Comparator.comparingDouble(Finished::score).reversed());
    if (finished.size() > settings.width()) {
      finished.remove(finished.size() - 1);
    }
  }

  private boolean decided() {
    if (running.isEmpty()) {
      return true;
    }
    return finished.size() == settings.width()
        && !(running.get(0).score() / divisor() > finished.get(finished.size() - 1).score());
  }

  @Override
  public List<Long> best() {
    return finished.get(0).words();
  }
}
