package io.noesis.alignment.retrieve;

import io.noesis.run.Check;
import java.util.Arrays;
import java.util.List;

/**
 * The rank of every candidate for every query, from 0 (best). The rank of a candidate is the number
 * of <em>other</em> candidates whose similarity is at least as high: ties count against it, so a
 * decoder that says the same of everything identifies nothing, and {@code candidates - 1 - rank} is
 * the number of candidates that are strictly less similar. Unlike the order of a {@link Ranking} it
 * depends neither on ids nor on the order of the candidates.
 */
public final class RankTable {
  private final List<String> queryIds;
  private final List<String> candidateIds;
  private final int[][] ranks;

  RankTable(List<String> queryIds, List<String> candidateIds, int[][] ranks) {
    this.queryIds = queryIds;
    this.candidateIds = candidateIds;
    this.ranks = ranks;
  }

  /**
   * Tables of the same candidates put below each other.
   *
   * @param parts at least one
   * @return a table of all their queries
   */
  public static RankTable concatenate(List<RankTable> parts) {
    Check.argument(!parts.isEmpty(), "no rank tables to concatenate");
    List<String> candidates = parts.get(0).candidateIds;
    for (RankTable part : parts) {
      Check.argument(
          part.candidateIds.equals(candidates),
          "rank tables with other candidates cannot be put below each other");
    }
    return new RankTable(
        parts.stream().flatMap(p -> p.queryIds.stream()).toList(),
        candidates,
        parts.stream().flatMap(p -> Arrays.stream(p.ranks)).toArray(int[][]::new));
  }

  /**
   * The rows in the order asked for.
   *
   * @param rows which rows
   * @return a new table that shares the ranks
   */
  public RankTable rows(int[] rows) {
    return new RankTable(
        Arrays.stream(rows).mapToObj(queryIds::get).toList(),
        candidateIds,
        Arrays.stream(rows).mapToObj(r -> ranks[r]).toArray(int[][]::new));
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
   * One rank.
   *
   * @param query row
   * @param candidate column
   * @return how many other candidates are at least as similar to the query
   */
  public int at(int query, int candidate) {
    return ranks[query][candidate];
  }
}
