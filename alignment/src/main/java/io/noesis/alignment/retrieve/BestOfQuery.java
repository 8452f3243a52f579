package io.noesis.alignment.retrieve;

import io.noesis.tensor.Tensor;
import java.util.Arrays;
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

  private static final int LANES = 256;

  /** What a thread that offers needs. */
  static final class Room {
    private final float[] some = new float[LANES];
    private final float[] sums = new float[LANES];
  }

  private final double[] query;

  /** The same in float32, {@link #LANES} at a time. */
  private final float[][] narrow;

  private final List<String> ids;
  private final int keep;
  private final NearBest near;
  private final PriorityQueue<Ranking.Hit> worstFirst = new PriorityQueue<>(BEST_FIRST.reversed());

  BestOfQuery(Tensor queries, int row, List<String> ids, int keep) {
    this.query = Directions.of(queries, row, 1).array();
    this.narrow = new float[(query.length + LANES - 1) / LANES][LANES];
    for (int k = 0; k < query.length; k++) {
      narrow[k / LANES][k % LANES] = (float) query[k];
    }
    this.ids = ids;
    this.keep = Math.min(keep, ids.size());
    this.near = new NearBest(this.keep);
  }

  /** What a similarity must reach to matter. */
  double floor() {
    return near.floor();
  }

  /**
   * Offers a candidate, whose similarity is computed in float32 first and in float64 later, if that
   * could not tell.
   *
   * @param vectors that hold it
   * @param row its row there
   * @param inverse 1 over its length
   * @param number of the first vector among all candidates
   * @param room of this thread
   */
  void offer(Tensor vectors, int row, double inverse, int number, Room room) {
    int width = query.length;
    double similarity;
    double margin;
    if (inverse > 1e-30 && inverse < 1e30) {
      similarity = inverse * product(vectors.array(), row * width, room);
      // Per lane the rounding of a product, of its query's element and of the sums.
      margin = (narrow.length + 4) * 0x1p-23;
    } else {
      similarity = similarity(vectors, row);
      margin = (width + 64) * 0x1p-48;
    }
    if (similarity + margin >= near.floor()) {
      near.offer(number + row, similarity - margin, similarity + margin);
    }
  }

  /**
   * In lanes: loops without a way out and with one index, which the compiler makes take many at a
   * time.
   */
  private double product(float[] values, int at, Room room) {
    float[] sums = room.sums;
    Arrays.fill(sums, 0);
    for (int lane = 0; lane < narrow.length; lane++) {
      int from = lane * LANES;
      int count = Math.min(LANES, query.length - from);
      System.arraycopy(values, at + from, room.some, 0, count);
      addProducts(narrow[lane], room.some, sums); // Beyond the count the query is 0.
    }
    double sum = 0;
    double other = 0;
    for (int lane = 0; lane < LANES; lane += 2) {
      sum += sums[lane];
      other += sums[lane + 1];
    }
    return sum + other;
  }

  private static void addProducts(float[] a, float[] b, float[] sums) {
    for (int lane = 0; lane < sums.length; lane++) {
      sums[lane] += a[lane] * b[lane];
    }
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
