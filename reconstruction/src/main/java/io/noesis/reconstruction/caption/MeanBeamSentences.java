package io.noesis.reconstruction.caption;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Beam search as ClipCap does it: finished sentences stay in the beam with the mean log-probability
 * they have; the network is not run for them.
 */
final class MeanBeamSentences implements Sentences {
  private final int width;
  private final Limits limits;
  private List<Sentence> beam = List.of(new Sentence(List.of(), 0, false));

  private record Sentence(List<Long> words, double sum, boolean finished) {
    double mean() {
      return sum / words.size();
    }
  }

  MeanBeamSentences(WordSearch.MeanBeam settings, Limits limits) {
    this.width = settings.width();
    this.limits = limits;
  }

  @Override
  public List<Next> advance(List<Logits> logits, int from) {
    Candidates candidates = new Candidates(width);
    int[] slot = new int[beam.size()];
    int running = 0;
    for (int i = 0; i < beam.size(); i++) {
      Sentence sentence = beam.get(i);
      if (sentence.finished()) {
        candidates.offer(sentence.mean(), i, -1);
      } else {
        slot[i] = running++;
        candidates.offerAll(
            i, sentence.sum(), sentence.words().size() + 1.0, logits.get(from + slot[i]));
      }
    }
    List<Sentence> chosen = new ArrayList<>();
    List<Next> next = new ArrayList<>();
    for (Candidates.Candidate candidate : candidates.sorted()) {
      Sentence parent = beam.get(candidate.parent());
      if (parent.finished()) {
        chosen.add(parent);
        continue;
      }
      List<Long> words = new ArrayList<>(parent.words());
      words.add((long) candidate.word());
      boolean over = limits.over(candidate.word(), words.size());
      chosen.add(new Sentence(words, candidate.score() * words.size(), over));
      if (!over) {
        next.add(new Next(slot[candidate.parent()], candidate.word()));
      }
    }
    beam = chosen;
    return next;
  }

  @Override
  public List<Long> best() {
    return beam.stream().max(Comparator.comparingDouble(Sentence::mean)).orElseThrow().words();
  }
}
