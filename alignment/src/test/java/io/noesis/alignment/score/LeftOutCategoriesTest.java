package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeftOutCategoriesTest {
  private static final int CATEGORIES = 6;
  private static final EmbeddingSpace SPACE =
      new EmbeddingSpace("test", "out", CATEGORIES, EmbeddingSpace.Scaling.RAW);

  /** Every pair of categories, ten rows each, whose decoded vector is signal * truth + noise. */
  private static List<Decoding> pairs(double signal, long seed) {
    PinnedRandom random = Seed.of(seed).child("left out").random();
    List<Decoding> folds = new ArrayList<>();
    for (int a = 0; a < CATEGORIES; a++) {
      for (int b = a + 1; b < CATEGORIES; b++) {
        folds.add(fold(new int[] {a, b}, signal, random));
      }
    }
    return folds;
  }

  private static Decoding fold(int[] out, double signal, PinnedRandom random) {
    List<String> ids = new ArrayList<>();
    List<Decoding.Row> rows = new ArrayList<>();
    float[] values = new float[20 * CATEGORIES];
    String name = out[0] + "+" + out[1];
    for (int r = 0; r < 20; r++) {
      int truth = out[r % 2];
      for (int k = 0; k < CATEGORIES; k++) {
        values[r * CATEGORIES + k] = (float) ((k == truth ? signal : 0) + random.nextGaussian());
      }
      ids.add("row-" + r);
      rows.add(new Decoding.Row("c" + truth, "block-" + r, "", name));
    }
    float[] pool = new float[2 * CATEGORIES];
    pool[out[0]] = 1;
    pool[CATEGORIES + out[1]] = 1;
    return new Decoding(
        new Embeddings(SPACE, ids, Tensor.wrap(values, 20, CATEGORIES)),
        rows,
        new Embeddings(
            SPACE, List.of("c" + out[0], "c" + out[1]), Tensor.wrap(pool, 2, CATEGORIES)),
        List.of("", ""),
        new Embeddings(SPACE, List.of(name), Tensor.zeros(1, CATEGORIES)),
        new Decoding.Setting(Similarity.COSINE, Target.CATEGORY, "block", ""));
  }

  private static final Resampling PLAN = Resampling.standard(Seed.of(1));

  @Test
  void perfectDecodingIsOneAndItsPIsTheSmallestThereIs() {
    Score score = LeftOutCategories.score(pairs(1000, 1), PLAN);
    assertEquals("category_left_out@2", score.metric());
    assertEquals(1.0, score.value());
    assertEquals(0.5, score.chance());
    assertEquals(CATEGORIES, score.n());
    assertEquals(1.0 / 1001, score.p(), 1e-12, "as small as 1000 permutations can tell");
    assertTrue(score.aboveChance(0.05), score::toString);
    Confusion confusion = LeftOutCategories.confusion(pairs(1000, 1));
    assertEquals(50, confusion.count("c0", "c0"));
    assertEquals(1.0, confusion.accuracy());
  }

  @Test
  void noiseStaysInsideItsNull() {
    int inside = 0;
    int small = 0;
    for (int seed = 0; seed < 100; seed++) {
      Score score = LeftOutCategories.score(pairs(0, seed), PLAN);
      inside += score.insideNull() ? 1 : 0;
      small += score.p() < 0.05 ? 1 : 0;
    }
    assertTrue(inside >= 88, inside + " of 100 inside the 95 % band");
    assertTrue(small <= 12, small + " of 100 with p < 0.05");
  }

  @Test
  void whatSaysTheSameOfEverythingIsNotRight() {
    List<Decoding> same =
        pairs(0, 3).stream()
            .map(
                d ->
                    new Decoding(
                        new Embeddings(SPACE, d.decoded().ids(), Tensor.zeros(20, CATEGORIES)),
                        d.rows(),
                        d.pool(),
                        d.poolCategories(),
                        d.trainingMeans(),
                        d.setting()))
            .toList();
    assertEquals(0.0, LeftOutCategories.score(same, PLAN).value());
  }
}
