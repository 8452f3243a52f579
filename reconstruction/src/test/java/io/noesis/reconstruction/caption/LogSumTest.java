package io.noesis.reconstruction.caption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogSumTest {
  private static double exact(float[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += StrictMath.exp(logit - most);
    }
    return most + StrictMath.log(sum);
  }

  private static float[] drawn(PinnedRandom random, int count, double spread) {
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = (float) (spread * (random.nextDouble() + random.nextDouble() - 1));
    }
    return out;
  }

  private static double found(float... logits) {
    return LogSum.of(Logits.of(FloatBuffer.wrap(logits)));
  }

  @Test
  void theSumIsThatOfDoublePrecision() {
    PinnedRandom random = Seed.of(3).random();
    for (double spread : new double[] {0.1, 3, 40, 300, 1e6}) {
      for (int count : new int[] {1, 2, 1000, 50_257}) {
        float[] logits = drawn(random, count, spread);
        assertEquals(exact(logits), found(logits), 1e-7, spread + " " + count);
      }
    }
  }

  @Test
  void forbiddenAndHopelessWordsAddNothing() {
    assertEquals(7, found(7, Float.NEGATIVE_INFINITY, -1e30f, 7 - 45f, 7 - 128f, -3e9f));
    assertEquals(7 + Math.exp(-44.5), found(7, 7 - 44.5f));
    assertEquals(Math.log(3), found(0, 0, -0f), 1e-15);
  }

  @Test
  void theKeptOnesAreThoseOfSortingAll() {
    PinnedRandom random = Seed.of(4).random();
    for (int run = 0; run < 200; run++) {
      int keep = 1 + run % 7;
      double divisor = 1 + run % 3;
      Candidates candidates = new Candidates(keep);
      List<Candidates.Candidate> all = new ArrayList<>();
      for (int parent = 0; parent < 3; parent++) {
        float[] logits = drawn(random, 50, 5);
        for (int i = 0; i < logits.length; i++) {
          // Many equals, some of them forbidden.
          logits[i] = i % 9 == 4 ? Float.NEGATIVE_INFINITY : Math.round(logits[i]);
        }
        double score = -1.0 * parent / (1 + run % 2);
        Logits one = Logits.of(FloatBuffer.wrap(logits));
        candidates.offerAll(parent, score, divisor, one);
        double base = score - LogSum.of(one);
        for (int word = 0; word < logits.length; word++) {
          all.add(
              new Candidates.Candidate(
                  (base + logits[word]) / divisor, parent, word, parent * 50L + word));
        }
      }
      all.sort(
          Comparator.comparingDouble(Candidates.Candidate::score)
              .reversed()
              .thenComparingLong(Candidates.Candidate::order));
      assertEquals(all.subList(0, keep), candidates.sorted());
      assertTrue(candidates.sorted().get(0).score() <= 0);
    }
  }
}
