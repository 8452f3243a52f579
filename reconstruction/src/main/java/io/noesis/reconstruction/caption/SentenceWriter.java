package io.noesis.reconstruction.caption;

import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

  /** Writes all to the end; after each word {@code progress} hears of no further step. */
  static void write(DecoderRun run, List<Sentences> all, Progress progress) {
    List<Sentences> active = all;
    int[] sizes = new int[all.size()];
    Arrays.fill(sizes, 1);
    List<Logits> logits = run.first();
    while (true) {
      List<List<Sentences.Next>> wanted = advance(active, sizes, logits);
      int rows = wanted.stream().mapToInt(List::size).sum();
      if (rows == 0) {
        return;
      }
      int[] parents = new int[rows];
      long[] words = new long[rows];
      List<Sentences> still = new ArrayList<>();
      int[] stillSizes = new int[active.size()];
      int from = 0;
      int row = 0;
      for (int i = 0; i < active.size(); i++) {
        for (Sentences.Next next : wanted.get(i)) {
          parents[row] = from + next.parent();
          words[row++] = next.word();
        }
        from += sizes[i];
        if (!wanted.get(i).isEmpty()) {
          stillSizes[still.size()] = wanted.get(i).size();
          still.add(active.get(i));
        }
      }
      active = still;
      sizes = stillSizes;
      progress.step(0);
      logits = run.next(parents, words);
    }
  }

  /**
   * Looks at the logits of all sentences at once: reading them is most of the work between runs.
   */
  private static List<List<Sentences.Next>> advance(
      List<Sentences> active, int[] sizes, List<Logits> logits) {
    int[] from = new int[active.size()];
    for (int i = 1; i < from.length; i++) {
      from[i] = from[i - 1] + sizes[i - 1];
    }
    List<List<Sentences.Next>> wanted =
        new ArrayList<>(Collections.nCopies(from.length, List.of()));
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
