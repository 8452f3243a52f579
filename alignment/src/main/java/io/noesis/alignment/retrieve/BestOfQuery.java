package io.noesis.alignment.retrieve;

import io.noesis.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The best candidates of one query so far, by similarities in float64. Not thread-safe. */
final class BestOfQuery {
  private static final Comparator<Ranking.Hit> BEST_FIRST =
      Comparator.comparingDouble((Ranking.Hit hit) -> -hit.similarity())
          .thenComparing(Ranking.Hit::id);

  private final double[] query;
  private final List<String> ids;
  private final int keep;
  private final NearBest near;
  private final PriorityQueue<Ranking.Hit> worstFirst = new PriorityQueue<>(BEST_FIRST.reversed());

  BestOfQuery(Tensor queries, int row, List<String> ids, int keep) {
    this.query = Directions.of(queries, row, 1).array();
    this.ids = ids;
    this.keep = Math.min(keep, ids.size());
    this.near = new NearBest(this.keep);
  }

  /** Those that may be among the best and were not looked at yet. */
  NearBest near() {
    return near;
  }

  /**
   * Computes the similarities of those.
   *
   * @param vectors that hold them
   * @param number of the first vector among all candidates
   */
  void settle(Tensor vectors, int number) {
    near.drain(candidate -> add(candidate, similarity(vectors, candidate - number)));
  }

  private double similarity(Tensor vectors, int row) {
    int width = query.length;
    int at = row * width;
    double inverse = Directions.inverseLength(vectors.array(), at, width);
    double sum = 0;
    for (int k = 0; k < width; k++) {
      sum += query[k] * (vectors.array()[at + k] * inverse);
    }
    return sum;
  }

  private double add(int candidate, double similarity) {
    worstFirst.add(new Ranking.Hit(ids.get(candidate), similarity));
    if (worstFirst.size() > keep) {
      worstFirst.remove();
    }
    return worstFirst.size() == keep ? worstFirst.element().similarity() : Double.NEGATIVE_INFINITY;
  }

  /** Best first, ties by id. */
  List<Ranking.Hit> hits() {
    return worstFirst.stream().sorted(BEST_FIRST).toList();
  }
}
