package io.noesis.alignment.retrieve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GalleryTest {
  private static final EmbeddingSpace SPACE =
      new EmbeddingSpace("a", "last", 7, EmbeddingSpace.Scaling.RAW);

  private static Embeddings random(String prefix, int n, long seed) {
    PinnedRandom random = Seed.of(seed).random();
    float[] values = new float[n * 7];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Embeddings(
        SPACE, IntStream.range(0, n).mapToObj(i -> prefix + i).toList(), Tensor.wrap(values, n, 7));
  }

  private static double cosine(Embeddings a, int i, Embeddings b, int j) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int k = 0; k < 7; k++) {
      double x = a.values().at(i, k);
      double y = b.values().at(j, k);
      dot += x * y;
      aa += x * x;
      bb += y * y;
    }
    return dot / Math.sqrt(aa * bb);
  }

  @Test
  void similaritiesAreCosinesWhateverTheBlocks() {
    Embeddings queries = random("q", 70, 1);
    Embeddings candidates = random("c", 531, 2);
    SimilarityTable table = Gallery.of(candidates).compare(queries);
    RankTable ranks = Gallery.of(candidates).ranks(queries);
    for (int q = 0; q < 70; q++) {
      for (int c = 0; c < 531; c++) {
        assertEquals(cosine(queries, q, candidates, c), table.at(q, c), 1e-12);
        assertEquals(table.at(q, c), table.transpose().at(c, q));
      }
      int query = q;
      int best =
          IntStream.range(0, 531).filter(c -> ranks.at(query, c) == 0).findFirst().orElseThrow();
      assertTrue(
          IntStream.range(0, 531).allMatch(c -> table.at(query, c) <= table.at(query, best)));
    }
  }

  @Test
  void queriesOfSeveralBlocksKeepTheirPlaces() {
    Embeddings queries = random("q", 1100, 7);
    Embeddings candidates = random("c", 4000, 8);
    Ranking ranking = Gallery.of(candidates).rank(queries, 1);
    for (int q : new int[] {0, 1047, 1048, 1049, 1099}) {
      Ranking.Hit best = ranking.of("q" + q).get(0);
      int c = candidates.ids().indexOf(best.id());
      assertEquals(cosine(queries, q, candidates, c), best.similarity(), 1e-12);
      int query = q;
      assertEquals(
          best.similarity(),
          IntStream.range(0, 4000)
              .mapToDouble(i -> cosine(queries, query, candidates, i))
              .max()
              .orElseThrow(),
          1e-12);
    }
  }

  @Test
  void theBestComeFirstAndOnlyAsManyAsAsked() {
    Embeddings queries = random("q", 5, 3);
    Embeddings candidates = random("c", 40, 4);
    Ranking ranking = Gallery.of(candidates).rank(queries, 6);
    SimilarityTable table = Gallery.of(candidates).compare(queries);
    RankTable ranks = table.ranks();
    for (int q = 0; q < 5; q++) {
      List<Ranking.Hit> hits = ranking.of("q" + q);
      assertEquals(6, hits.size());
      for (int place = 0; place < 6; place++) {
        int c = candidates.ids().indexOf(hits.get(place).id());
        assertEquals(place, ranks.at(q, c));
        assertEquals(table.at(q, c), hits.get(place).similarity());
      }
    }
    assertEquals(40, Gallery.of(candidates).rank(queries, 1000).of("q0").size());
  }

  @Test
  void tiesAreListedByIdAndCountAgainstEachInRanks() {
    float[] same = {1, 2, 3, 4, 5, 6, 7};
    float[] values = new float[21];
    for (int i = 0; i < 21; i++) {
      values[i] = same[i % 7] * (1 << (i / 7)); // powers of two: exactly the same direction
    }
    Embeddings candidates =
        new Embeddings(SPACE, List.of("b", "c", "a"), Tensor.wrap(values, 3, 7));
    Embeddings query = new Embeddings(SPACE, List.of("q"), Tensor.wrap(same.clone(), 1, 7));
    Gallery gallery = Gallery.of(candidates);
    assertEquals(
        List.of("a", "b"), gallery.rank(query, 2).of("q").stream().map(Ranking.Hit::id).toList());
    for (int c = 0; c < 3; c++) {
      assertEquals(2, gallery.ranks(query).at(0, c));
    }
    assertEquals(0, gallery.ranksWithin(query, List.of("x", "y", "y")).at(0, 0));
    assertEquals(1, gallery.ranksWithin(query, List.of("x", "y", "y")).at(0, 1));
  }

  @Test
  void aVectorWithoutDirectionIsSimilarToNothing() {
    Embeddings zero = new Embeddings(SPACE, List.of("q"), Tensor.zeros(1, 7));
    SimilarityTable table = Gallery.of(random("c", 3, 1)).compare(zero);
    for (int c = 0; c < 3; c++) {
      assertEquals(0, table.at(0, c));
      assertEquals(2, table.ranks().at(0, c));
    }
  }

  @Test
  void anotherSpaceIsRefusedByName() {
    EmbeddingSpace other = new EmbeddingSpace("b", "last", 7, EmbeddingSpace.Scaling.RAW);
    Embeddings queries = new Embeddings(other, List.of("q"), Tensor.zeros(1, 7));
    DataException e =
        assertThrows(DataException.class, () -> Gallery.of(random("c", 3, 1)).rank(queries, 1));
    assertTrue(
        e.getMessage()
            .contains(
                "live in b, last, 7 numbers, length free and the gallery in a, last, 7 numbers,"
                    + " length free;"),
        e::getMessage);
  }

  @Test
  void threadsDecideNothing() {
    Embeddings queries = random("q", 100, 5);
    Gallery gallery = Gallery.of(random("c", 300, 6));
    assertEquals(
        Parallel.with(1, () -> gallery.rank(queries, 9)),
        Parallel.with(4, () -> gallery.rank(queries, 9)));
  }
}
