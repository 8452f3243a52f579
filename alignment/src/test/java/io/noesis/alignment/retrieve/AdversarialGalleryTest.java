package io.noesis.alignment.retrieve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.DataException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the first pass rounds away, the ranking is that of all similarities in float64:
 * galleries made to mislead it.
 */
class AdversarialGalleryTest {
  private enum Kind {
    /** One direction, off by the last bits of float32. */
    NEAR_TIES,
    DUPLICATES,
    /** Lengths from 1e-38 to 1e38. */
    LENGTHS,
    ZEROS,
    CONSTANT,
    /** Elements that float32 only holds with fewer digits. */
    DENORMAL,
    /** One element outweighs the others by up to 1e30. */
    RATIOS,
    /** One dominating element that all rows share, as in picture embeddings. */
    COMMON,
    /** Rows and their opposites. */
    OPPOSITES
  }

  @Property(tries = 60)
  void anyGalleryIsRankedAsInFloat64(
      @ForAll Kind kind,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 40) int keep) {
    int n = 1100; // More than one piece.
    EmbeddingSpace space = new EmbeddingSpace("a", "last", width, EmbeddingSpace.Scaling.RAW);
    Embeddings all = embeddings(space, "c", vectors(kind, n, width, seed));
    Tensor asked = vectors(kind, 6, width, seed + 1);
    System.arraycopy(all.values().array(), 5 * width, asked.array(), 0, width); // One of its rows.
    Embeddings queries = embeddings(space, "q", asked);
    List<List<Ranking.Hit>> expected = bruteForce(queries, all, keep);
    double[] centre = QuantisedRows.centre(all.values());
    for (double[] m : List.of(centre, new double[width])) {
      QuantisedRows rows = QuantisedRows.of(all.values(), m, 0);
      assertEquals(expected, new BestSearch(all.ids(), keep).search(queries, all.values(), rows));
    }
  }

  private static Embeddings embeddings(EmbeddingSpace space, String prefix, Tensor values) {
    int n = values.dim(0);
    List<String> ids =
        IntStream.range(0, n)
            .mapToObj(i -> String.format(Locale.ROOT, "%s%05d", prefix, i * 7919L % n))
            .distinct()
            .toList();
    return new Embeddings(space, ids, values);
  }

  private static Tensor vectors(Kind kind, int n, int width, long seed) {
    PinnedRandom random = Seed.of(seed).random();
    float[] v = new float[n * width];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextGaussian();
    }
    for (int r = 0; r < n; r++) {
      int at = r * width;
      for (int k = 0; k < width; k++) {
        float g = v[at + k];
        v[at + k] =
            switch (kind) {
              case NEAR_TIES -> 1 + k + Math.ulp(1f + k) * Math.round(g);
              case DUPLICATES -> r % 10 < 7 ? v[(r % 3) * width + k] : g;
              case LENGTHS -> (float) (g * Math.pow(10, r % 76 - 38));
              case ZEROS -> r % 4 == 0 ? g : 0;
              case CONSTANT -> r % 5 == 0 ? g : r % 3 - 1;
              case DENORMAL -> r % 2 == 0 ? g * 1e-42f : g;
              case RATIOS -> k == r % width ? (float) (g * Math.pow(10, r % 31)) : g;
              case COMMON -> k == 0 ? 50 + g : g;
              case OPPOSITES -> r % 2 == 0 || r == 0 ? g : -v[at - width + k];
            };
      }
    }
    return Tensor.wrap(v, n, width);
  }

  private static List<List<Ranking.Hit>> bruteForce(Embeddings queries, Embeddings all, int keep) {
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
  void theBoundsHold() {
    int width = 200;
    for (Kind kind : Kind.values()) {
      Tensor vectors = vectors(kind, 300, width, 4);
      double[] centre = QuantisedRows.centre(vectors);
      double[] directions = Directions.of(vectors, 0, 300).array();
      requireBounds(kind, QuantisedRows.of(vectors, centre, 0), directions, 0.08);
      requireBounds(kind, QuantisedRows.ofQueries(vectors, centre), directions, 0.16);
    }
  }

  private static void requireBounds(
      Kind kind, QuantisedRows rows, double[] directions, double useful) {
    double[] centre = rows.centre();
    int width = centre.length;
    for (int r = 0; r < rows.rows(); r++) {
      double lost = 0;
      double length = 0;
      double along = 0;
      for (int k = 0; k < width; k++) {
        double d = directions[r * width + k] - centre[k];
        double e = d - rows.scale(r) * rows.whole(r, k);
        lost += e * e;
        length += d * d;
        along += d * centre[k];
      }
      assertTrue(Math.sqrt(lost) <= rows.error(r), kind + " error of row " + r);
      assertTrue(Math.sqrt(length) <= rows.length(r), kind + " length of row " + r);
      assertEquals(along, rows.offset(r), 1e-6 / 2, kind + " offset of row " + r);
      assertTrue(rows.error(r) <= 2e-6 + useful * Math.sqrt(length), kind + ": a bound of any use");
    }
  }

  @Test
  void aRowThatIsNotFiniteIsNamed(@TempDir Path folder) {
    float[] values = new float[3000 * 8];
    Arrays.fill(values, 1);
    EmbeddingSpace space = new EmbeddingSpace("a", "last", 8, EmbeddingSpace.Scaling.RAW);
    Embeddings queries =
        embeddings(space, "q", Tensor.wrap(new float[] {1, 0, 0, 0, 0, 0, 0, 0}, 1, 8));
    List<String> ids = IntStream.range(0, 3000).mapToObj(Integer::toString).toList();
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      values[2345 * 8 + 3] = bad;
      Path file = folder.resolve("bad.npy");
      Npy.write(file, Tensor.wrap(values.clone(), 3000, 8));
      try (StreamedGallery gallery = StreamedGallery.open(file, ids, space)) {
        DataException e = assertThrows(DataException.class, () -> gallery.rank(queries, 1));
        assertTrue(e.getMessage().contains("row 2345"), e.getMessage());
      }
    }
  }
}
