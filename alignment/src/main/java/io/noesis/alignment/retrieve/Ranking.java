package io.noesis.alignment.retrieve;

import io.noesis.run.Check;
import java.util.Arrays;
import java.util.List;

/**
 * The best candidates of every query, best first; equal similarity is listed by ascending id.
 *
 * @param queryIds the queries
 * @param candidates how many candidates there were to choose from
 * @param hits per query the candidates that were kept, best first
 */
public record Ranking(List<String> queryIds, int candidates, List<List<Hit>> hits) {
  /** Checks the sizes and copies the lists. */
  public Ranking {
    queryIds = List.copyOf(queryIds);
    hits = hits.stream().map(List::copyOf).toList();
    Check.size("lists of a ranking", queryIds.size(), hits.size());
  }

  /**
   * One candidate of one query.
   *
   * @param id the candidate
   * @param similarity its cosine with the query
   */
  public record Hit(String id, double similarity) {}

  /**
   * Rankings of the same candidates put below each other.
   *
   * @param parts at least one
   * @return a ranking of all their queries
   */
  public static Ranking concatenate(List<Ranking> parts) {
    Check.argument(!parts.isEmpty(), "no rankings to concatenate");
    int candidates = parts.get(0).candidates;
    for (Ranking part : parts) {
      Check.size("candidates of a ranking", candidates, part.candidates);
    }
    return new Ranking(
        parts.stream().flatMap(p -> p.queryIds.stream()).toList(),
        candidates,
        parts.stream().flatMap(p -> p.hits.stream()).toList());
  }

  /**
   * The queries in the order asked for.
   *
   * @param rows which rows
   * @return a new ranking
   */
  public Ranking rows(int[] rows) {
    return new Ranking(
        Arrays.stream(rows).mapToObj(queryIds::get).toList(),
        candidates,
        Arrays.stream(rows).mapToObj(hits::get).toList());
  }

  /**
   * The kept candidates of one query.
   *
   * @param queryId which query
   * @return best first
   */
  public List<Hit> of(String queryId) {
    int row = queryIds.indexOf(queryId);
    Check.argument(
        row >= 0, "no query '%s' among the %d of this ranking", queryId, queryIds.size());
    return hits.get(row);
  }
}
