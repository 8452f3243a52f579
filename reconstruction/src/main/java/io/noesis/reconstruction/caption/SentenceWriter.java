package io.noesis.reconstruction.caption;

import io.noesis.run.Parallel;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.List;

/** Runs the search of several embeddings side by side, one run of the network per word. */
final class SentenceWriter {
  private SentenceWriter() {}

  /** The sentences of one embedding, at their beginning. */
  static Sentences begin(CaptionRequest request, Limits limits, int row) {
    WordSearch search = request.search();
    if (search instanceof WordSearch.Beam beam) {
      return new BeamSentences(beam, limits);
    }
    if (search instanceof WordSearch.MeanBeam beam) {
      return new MeanBeamSentences(beam, limits);
    }
    if (search instanceof WordSearch.Nucleus nucleus) {
      Seed seed = Seed.of(request.seed()).child("caption").child(Integer.toString(row));
      return new OneSentence(new NucleusChoice(nucleus, seed.random()), limits);
    }
    return new OneSentence(Logits::best, limits);
  }

  /** Writes all to the end. */
  static void write(DecoderRun run, List<Sentences> all) {
    List<Sentences> active = new ArrayList<>(all);
    List<Integer> sizes = new ArrayList<>(active.stream().map(one -> 1).toList());
    List<Logits> logits = run.first();
    while (!active.isEmpty()) {
      List<List<Sentences.Next>> wanted = advance(active, sizes, logits);
      List<Sentences> still = new ArrayList<>();
      List<Integer> stillSizes = new ArrayList<>();
      List<Integer> parents = new ArrayList<>();
      List<Long> words = new ArrayList<>();
      int from = 0;
      for (int i = 0; i < active.size(); i++) {
        for (Sentences.Next next : wanted.get(i)) {
          parents.add(from + next.parent());
          words.add(next.word());
        }
        from += sizes.get(i);
        if (!wanted.get(i).isEmpty()) {
          still.add(active.get(i));
          stillSizes.add(wanted.get(i).size());
        }
      }
      active = still;
      sizes = stillSizes;
      if (!active.isEmpty()) {
        logits =
            run.next(
                parents.stream().mapToInt(Integer::intValue).toArray(),
                words.stream().mapToLong(Long::longValue).toArray());
      }
    }
  }

  private static List<List<Sentences.Next>> advance(
      List<Sentences> active, List<Integer> sizes, List<Logits> logits) {
    int[] from = new int[active.size()];
    for (int i = 1; i < from.length; i++) {
      from[i] = from[i - 1] + sizes.get(i - 1);
    }
    List<List<Sentences.Next>> wanted =
        new ArrayList<>(java.util.Collections.nCopies(from.length, List.of()));
    Parallel.forBlocks(
        from.length,
        1,
        (begin, end) -> {
          for (int i = begin; i < end; i++) {
            wanted.set(i, active.get(i).advance(logits, from[i]));
          }
        });
    return wanted;
  }
}
