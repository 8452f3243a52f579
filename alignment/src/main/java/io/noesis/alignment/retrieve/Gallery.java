package io.noesis.alignment.retrieve;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Candidates that decoded embeddings are compared with: exact, by cosine similarity {@code <q,c> /
 * (|q||c|)} in 64 bits, in blocks of queries, so that only what is asked for is ever held. A vector
 * of length zero has no direction; its similarity with everything is 0. Immutable and thread-safe.
 */
public final class Gallery {
  /** Similarities held at a time: 32 MB. */
  private static final int BLOCK = 1 << 22;

  private static final int ROWS_PER_TASK = 16;

  /** Elements of the candidates from which a search in two passes pays, with the same answers. */
  private static final double LARGE = 1 << 22;

  /** Multiply-adds from which it pays with fewer. */
  private static final double MUCH = 2e9;

  /** Of how many candidates one may be kept for that search. */
  private static final int FEW = 16;

  private final Embeddings candidates;
  private final int[] placeById;

  /** In 64 bits; made when first needed. */
  private @Nullable Matrix directions;

  /** In 8 bits; made when first needed. */
  private @Nullable QuantisedRows rounded;

  private Gallery(Embeddings candidates) {
    this.candidates = candidates;
    this.placeById = placesById(candidates.ids());
  }

  /**
   * A gallery of those candidates.
   *
   * @param candidates at least one
   * @return the gallery; tables of it hold the candidates' directions in 64 bits too, large
   *     rankings in 8 bits
   */
  public static Gallery of(Embeddings candidates) {
    Check.argument(candidates.size() > 0, "a gallery needs at least one candidate, found none");
    return new Gallery(candidates);
  }

  /** Where the candidates live; queries must live there too. */
  public EmbeddingSpace space() {
    return candidates.space();
  }

  /** The candidates' ids, in their own order. */
  public List<String> ids() {
    return candidates.ids();
  }

  /** How many candidates. */
  public int size() {
    return candidates.size();
  }

  /**
   * The best candidates of every query, best first; candidates of equal similarity are listed by
   * ascending id.
   *
   * @param queries in the gallery's space
   * @param keep how many to keep, at least 1; all of them when there are fewer
   * @return one list per query
   * @throws DataException when the queries live in another space
   */
  public Ranking rank(Embeddings queries, int keep) {
    Check.argument(keep > 0, "ranking: at least 1 candidate must be kept, found %d", keep);
    double elements = (double) size() * candidates.values().dim(1);
    boolean pays = elements >= LARGE || queries.size() * elements >= MUCH;
    if (pays && keep <= size() / FEW) {
      requireSpace(queries, space());
      BestSearch search = new BestSearch(ids(), keep);
      return new Ranking(
          queries.ids(), size(), search.search(queries, candidates.values(), rounded()));
    }
    List<List<Ranking.Hit>> hits = new ArrayList<>(Collections.nCopies(queries.size(), List.of()));
    overBlocks(queries, (row, similarities) -> hits.set(row, best(similarities, keep)));
    return new Ranking(queries.ids(), size(), hits);
  }

  /**
   * The similarity of every query with every candidate, {@code [queries, candidates]}: 8 bytes
   * each.
   *
   * @param queries in the gallery's space
   * @return the whole table
   * @throws DataException when the queries live in another space
   */
  public SimilarityTable compare(Embeddings queries) {
    double[][] rows = new double[queries.size()][];
    overBlocks(queries, (row, similarities) -> rows[row] = similarities);
    return new SimilarityTable(queries.ids(), ids(), rows);
  }

  /**
   * The rank of every candidate for every query, without holding the similarities: 4 bytes each.
   *
   * @param queries in the gallery's space
   * @return ranks from 0 (best); see {@link RankTable} for ties
   * @throws DataException when the queries live in another space
   */
  public RankTable ranks(Embeddings queries) {
    int[][] ranks = new int[queries.size()][];
    overBlocks(queries, (row, similarities) -> ranks[row] = Ranks.descending(similarities));
    return new RankTable(queries.ids(), ids(), ranks);
  }

  /**
   * The rank of every candidate for every query among the candidates of the same group only.
   *
   * @param queries in the gallery's space
   * @param groups the group of each candidate, in the candidates' order
   * @return ranks from 0 (best of its group)
   * @throws DataException when the queries live in another space
   */
  public RankTable ranksWithin(Embeddings queries, List<String> groups) {
    Check.size("groups of gallery candidates", size(), groups.size());
    int[][] members = Ranks.members(groups);
    int[][] ranks = new int[queries.size()][];
    overBlocks(
        queries, (row, similarities) -> ranks[row] = Ranks.descendingWithin(similarities, members));
    return new RankTable(queries.ids(), ids(), ranks);
  }

  @FunctionalInterface
  private interface RowUse {
    void accept(int row, double[] similarities);
  }

  private void overBlocks(Embeddings queries, RowUse use) {
    requireSpace(queries, space());
    Matrix all = directions();
    int rows = Math.max(1, BLOCK / size());
    for (int start = 0; start < queries.size(); start += rows) {
      int first = start;
      int count = Math.min(rows, queries.size() - first);
      Matrix product =
          LinearAlgebra.multiplyTransposed(Directions.of(queries.values(), first, count), all);
      Parallel.forBlocks(
          count,
          ROWS_PER_TASK,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              int at = row * size();
              use.accept(first + row, Arrays.copyOfRange(product.array(), at, at + size()));
            }
          });
    }
  }

  static void requireSpace(Embeddings queries, EmbeddingSpace space) {
    if (!queries.space().equals(space)) {
      throw new DataException(
          "comparing embeddings: the queries live in "
              + queries.space()
              + " and the gallery in "
              + space
              + "; only vectors of one space can be compared. Decode into the gallery's space, or"
              + " build the gallery from the queries' model");
    }
  }

  private synchronized Matrix directions() {
    Matrix made = directions;
    if (made == null) {
      made = Directions.of(candidates.values(), 0, candidates.size());
      directions = made;
    }
    return made;
  }

  private synchronized QuantisedRows rounded() {
    QuantisedRows made = rounded;
    if (made == null) {
      Tensor vectors = candidates.values();
      made = QuantisedRows.of(vectors, QuantisedRows.centre(vectors), 0);
      rounded = made;
    }
    return made;
  }

  private List<Ranking.Hit> best(double[] similarities, int keep) {
    double[] sorted = similarities.clone();
    Arrays.sort(sorted);
    double worstKept = sorted[Math.max(0, sorted.length - keep)];
    List<Integer> kept = new ArrayList<>();
    for (int c = 0; c < similarities.length; c++) {
      if (similarities[c] >= worstKept) {
        kept.add(c);
      }
    }
    kept.sort(
        Comparator.<Integer>comparingDouble(c -> -similarities[c])
            .thenComparingInt(c -> placeById[c]));
    return kept.stream()
        .limit(keep)
        .map(c -> new Ranking.Hit(ids().get(c), similarities[c]))
        .toList();
  }

  private static int[] placesById(List<String> ids) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparing(ids::get));
    int[] place = new int[ids.size()];
    for (int p = 0; p < place.length; p++) {
      place[order.get(p)] = p;
    }
    return place;
  }
}
