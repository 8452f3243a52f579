package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Folds with spaces of their own: where each is the same space with its axes in another order,
 * every score is that of the one space.
 */
class PoolOfFoldTest {
  private static final Resampling QUICK = new Resampling(200, 100, Exchange.ANY_UNIT, Seed.of(3));
  private static final List<String> FOLDS = List.of("one", "two", "three");

  /** Stimuli dealt to three folds, decoded with noise; means of training differ. */
  private static Decoding plain() {
    Decoding items = Fixtures.items(24, 2, Fixtures.Quality.PERFECT, 5);
    Tensor noise =
        Fixtures.gaussian(Seed.of(8).random(), items.rows().size(), items.decoded().space().dim());
    List<Decoding.Row> rows = new ArrayList<>();
    for (int r = 0; r < items.rows().size(); r++) {
      Decoding.Row row = items.rows().get(r);
      rows.add(new Decoding.Row(row.truth(), row.unit(), row.run(), FOLDS.get(r / 2 % 3)));
      for (int k = 0; k < noise.dim(1); k++) {
        noise.array()[r * noise.dim(1) + k] =
            items.decoded().values().at(r, k) + 1.5f * noise.at(r, k);
      }
    }
    Tensor means = Fixtures.gaussian(Seed.of(9).random(), 3, noise.dim(1));
    return new Decoding(
        new Embeddings(items.pool().space(), items.decoded().ids(), noise),
        rows,
        items.pool(),
        items.poolCategories(),
        new Embeddings(items.pool().space(), FOLDS, means),
        items.setting().with(Similarity.CENTRED_COSINE));
  }

  private static float[] turned(Tensor table, int row, int fold) {
    int width = table.dim(1);
    int[] axes = Seed.of(20 + fold).random().permutation(width);
    float[] out = new float[width];
    for (int k = 0; k < width; k++) {
      out[k] = table.at(row, axes[k]);
    }
    return out;
  }

  private static Embeddings turned(Embeddings of, int[] foldOfRow) {
    int width = of.space().dim();
    Tensor out = Tensor.zeros(of.size(), width);
    for (int row = 0; row < of.size(); row++) {
      float[] own = turned(of.values(), row, foldOfRow[row]);
      System.arraycopy(own, 0, out.array(), row * width, width);
    }
    return new Embeddings(of.space(), of.ids(), out);
  }

  private static Decoding inSpacesOfTheirOwn(Decoding d) {
    int[] folds = d.rows().stream().mapToInt(row -> FOLDS.indexOf(row.fold())).toArray();
    Map<String, Embeddings> pools = new LinkedHashMap<>();
    for (int fold = 0; fold < FOLDS.size(); fold++) {
      int[] same = new int[d.pool().size()];
      java.util.Arrays.fill(same, fold);
      pools.put(FOLDS.get(fold), turned(d.pool(), same));
    }
    return new Decoding(
            turned(d.decoded(), folds),
            d.rows(),
            pools.get("one"),
            d.poolCategories(),
            turned(d.trainingMeans(), new int[] {0, 1, 2}),
            d.setting())
        .withPools(pools);
  }

  @Test
  void everyScoreIsThatOfOneSpace() {
    Decoding plain = plain();
    Decoding apart = inSpacesOfTheirOwn(plain);
    for (boolean averaged : new boolean[] {false, true}) {
      List<Score> one = Metrics.score(averaged ? plain.averaged() : plain, QUICK);
      List<Score> own = Metrics.score(averaged ? apart.averaged() : apart, QUICK);
      assertTrue(one.size() > 12, "all that are defined of items");
      assertEquals(one.size(), own.size());
      for (int i = 0; i < one.size(); i++) {
        String name = one.get(i).metric();
        assertEquals(name, own.get(i).metric());
        assertEquals(one.get(i).value(), own.get(i).value(), 1e-6, name);
        assertEquals(one.get(i).nullHigh(), own.get(i).nullHigh(), 1e-6, name);
        assertEquals(one.get(i).low(), own.get(i).low(), 1e-6, name);
      }
    }
  }

  @Test
  void aFoldWithoutItsPoolIsRefused() {
    Decoding apart = inSpacesOfTheirOwn(plain());
    Map<String, Embeddings> less = new LinkedHashMap<>(apart.poolOfFold());
    less.remove("two");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> apart.withPools(less));
    assertTrue(e.getMessage().contains("fold 'two' has no pool"), e::getMessage);
  }
}
