package io.noesis.alignment.retrieve;

import io.noesis.run.Check;
import java.util.Arrays;
import java.util.List;

/**
 * The similarity of every query with every candidate, {@code [queries, candidates]}, in 64 bits.
 * Immutable.
 */
public final class SimilarityTable {
  private final List<String> queryIds;
  private final List<String> candidateIds;
  private final double[][] rows;

  SimilarityTable(List<String> queryIds, List<String> candidateIds, double[][] rows) {
    this.queryIds = queryIds;
    this.candidateIds = candidateIds;
    this.rows = rows;
  }

  /**
   * Tables of the same candidates put below each other.
   *
   * @param parts at least one
   * @return a table of all their queries
   */
  public static SimilarityTable concatenate(List<SimilarityTable> parts) {
    Check.argument(!parts.isEmpty(), "no similarity tables to concatenate");
    List<String> candidates = parts.get(0).candidateIds;
    for (SimilarityTable part : parts) {
      Check.argument(
          part.candidateIds.equals(candidates),
          "similarity tables with other candidates cannot be put below each other");
    }
    return new SimilarityTable(
        parts.stream().flatMap(p -> p.queryIds.stream()).toList(),
        candidates,
        parts.stream().flatMap(p -> Arrays.stream(p.rows)).toArray(double[][]::new));
  }

  /**
   * The rows in the order asked for.
   *
   * @param wanted which rows
   * @return a new table that shares the similarities
   */
  public SimilarityTable rows(int[] wanted) {
    return new SimilarityTable(
        Arrays.stream(wanted).mapToObj(queryIds::get).toList(),
        candidateIds,
        Arrays.stream(wanted).mapToObj(r -> rows[r]).toArray(double[][]::new));
  }

  /** The queries, one per row. */
  public List<String> queryIds() {
    return queryIds;
  }

  /** The candidates, one per column. */
  public List<String> candidateIds() {
    return candidateIds;
  }

  /**
   * One similarity.
   *
   * @param query row
   * @param candidate column
   * @return the cosine of the two, in [-1, 1] up to rounding
   */
  public double at(int query, int candidate) {
    return rows[query][candidate];
  }

  /**
   * The other direction: what were candidates become queries.
   *
   * @return a new table {@code [candidates, queries]}
   */
  public SimilarityTable transpose() {
    double[][] out = new double[candidateIds.size()][queryIds.size()];
    for (int q = 0; q < rows.length; q++) {
      for (int c = 0; c < out.length; c++) {
        out[c][q] = rows[q][c];
      }
    }
    return new SimilarityTable(candidateIds, queryIds, out);
  }

  /**
   * The rank of every candidate for every query.
   *
   * @return ranks from 0 (best); see {@link RankTable} for ties
   */
  public RankTable ranks() {
    int[][] ranks = new int[rows.length][];
    for (int q = 0; q < rows.length; q++) {
      ranks[q] = Ranks.descending(rows[q]);
    }
    return new RankTable(queryIds, candidateIds, ranks);
  }
}
