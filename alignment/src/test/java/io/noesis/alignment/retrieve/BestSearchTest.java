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
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search in two passes gives the answers of the whole table, to the last bit. */
class BestSearchTest {
  private static final int WIDTH = 24;
  private static final EmbeddingSpace SPACE =
      new EmbeddingSpace("a", "last", WIDTH, EmbeddingSpace.Scaling.RAW);

  /** Random vectors, exact and near copies of each other, vectors of other lengths, and zeros. */
  private static Embeddings vectors(String prefix, int n, long seed) {
    PinnedRandom random = Seed.of(seed).random();
    float[] values = new float[n * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    for (int r = 50; r < n; r++) {
      if (r % 7 == 0) {
        System.arraycopy(values, (r % 50) * WIDTH, values, r * WIDTH, WIDTH);
        if (r % 3 == 0) {
          values[r * WIDTH + r % WIDTH] += 1e-7f; // Below what float32 sums can tell.
        }
      }
    }
    java.util.Arrays.fill(values, 20 * WIDTH, 21 * WIDTH, 0);
    List<String> ids = IntStream.range(0, n).mapToObj(i -> prefix + (i * 7919L % n)).toList();
    return new Embeddings(SPACE, ids, Tensor.wrap(values, n, WIDTH));
  }

  private static List<List<Ranking.Hit>> expected(Embeddings queries, Embeddings all, int keep) {
    SimilarityTable table = Gallery.of(all).compare(queries);
    List<List<Ranking.Hit>> out = new ArrayList<>();
    for (int q = 0; q < queries.size(); q++) {
      int query = q;
      out.add(
          IntStream.range(0, all.size())
              .mapToObj(c -> new Ranking.Hit(all.ids().get(c), table.at(query, c)))
              .sorted(
                  Comparator.comparingDouble((Ranking.Hit h) -> -h.similarity())
                      .thenComparing(Ranking.Hit::id))
              .limit(keep)
              .toList());
    }
    return out;
  }

  @Test
  void answersAreThoseOfTheWholeTable() {
    Embeddings all = vectors("c", 9001, 1); // More than one chunk.
    Embeddings queries = vectors("q", 300, 2); // More than one tile.
    Embeddings own = new Embeddings(SPACE, queries.ids(), all.values().rows(range(300)));
    for (Embeddings asked : List.of(queries, own)) {
      List<List<Ranking.Hit>> most = expected(asked, all, 300);
      for (int keep : new int[] {1, 10, 300}) {
        List<List<Ranking.Hit>> wanted = most.stream().map(h -> h.subList(0, keep)).toList();
        BestSearch search = new BestSearch(all.ids(), keep);
        double[] centre = QuantisedRows.centre(all.values());
        for (double[] about : List.of(centre, new double[WIDTH])) {
          QuantisedRows rounded = QuantisedRows.of(all.values(), about, 0);
          assertEquals(wanted, search.search(asked, all.values(), rounded));
        }
      }
    }
  }

  @Test
  void aGalleryInAFileAnswersAsInMemory(@TempDir Path folder) {
    Embeddings all = vectors("c", 9001, 3);
    Embeddings queries = vectors("q", 60, 4);
    Path file = folder.resolve("gallery.npy");
    Npy.write(file, all.values());
    try (StreamedGallery gallery = StreamedGallery.open(file, all.ids(), SPACE)) {
      assertEquals(9001, gallery.size());
      Ranking ranking = gallery.rank(queries, 5);
      assertEquals(expected(queries, all, 5), ranking.hits());
      assertEquals(queries.ids(), ranking.queryIds());
      assertEquals(
          ranking, Parallel.with(1, () -> gallery.rank(queries, 5)), "any number of threads");
      assertEquals(9001, gallery.rank(vectors("q", 21, 5), 10_000).hits().get(0).size());
      EmbeddingSpace other = new EmbeddingSpace("b", "last", WIDTH, EmbeddingSpace.Scaling.RAW);
      Embeddings foreign = new Embeddings(other, queries.ids(), queries.values());
      assertThrows(DataException.class, () -> gallery.rank(foreign, 1));
    }
    DataException e =
        assertThrows(DataException.class, () -> StreamedGallery.open(file, List.of("only"), SPACE));
    assertTrue(e.getMessage().contains("9001 rows"), e.getMessage());
  }

  /** By few queries of many candidates, and by many queries of fewer. */
  @Test
  void largeRankingsTakeTheSameWay() {
    Embeddings many =
        vectors("c", 200_000, 6); // Above the elements from which two passes are taken.
    Embeddings few = vectors("q", 900, 7);
    Gallery gallery = Gallery.of(many);
    for (int asked : new int[] {1, 5}) {
      Embeddings some = first(few, asked);
      assertEquals(expected(some, many, 3), gallery.rank(some, 3).hits());
    }
    Embeddings fewer = first(many, 100_000);
    Ranking ranking = Gallery.of(fewer).rank(few, 3);
    assertEquals(expected(first(few, 5), fewer, 3), ranking.hits().subList(0, 5));
  }

  private static Embeddings first(Embeddings all, int count) {
    return new Embeddings(SPACE, all.ids().subList(0, count), all.values().rows(range(count)));
  }

  private static int[] range(int n) {
    return IntStream.range(0, n).toArray();
  }
}
