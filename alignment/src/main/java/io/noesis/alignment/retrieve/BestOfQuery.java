package io.noesis.alignment.retrieve;

import io.noesis.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The best candidates of one query so far, by similarities in float64. Several threads may offer at
 * once; one settles.
 */
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

  /** What a similarity must reach to matter. */
  double floor() {
    return near.floor();
  }

  /**
   * Offers a candidate, whose similarity is computed in float64, though in an order of sums that is
   * quicker than the one that decides.
   *
   * @param vectors that hold it
   * @param row its row there
   * @param inverse 1 over its length
   * @param number of the first vector among all candidates
   */
  void offer(Tensor vectors, int row, double inverse, int number) {
    float[] values = vectors.array();
    int width = query.length;
    int at = row * width;
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int k = 0;
    for (; k + 3 < width; k += 4) {
      sum0 += query[k] * values[at + k];
      sum1 += query[k + 1] * values[at + k + 1];
      sum2 += query[k + 2] * values[at + k + 2];
      sum3 += query[k + 3] * values[at + k + 3];
    }
    for (; k < width; k++) {
      sum0 += query[k] * values[at + k];
    }
    double similarity = ((sum0 + sum1) + (sum2 + sum3)) * inverse;
    double margin = (width + 64) * 0x1p-48;
    near.offer(number + row, similarity - margin, similarity + margin);
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
