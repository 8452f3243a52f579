package io.noesis.alignment.retrieve;

import io.noesis.encoders.onnx.IntegerProducts;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * All cosines by products of 8-bit integers, with bounds of what their rounding lost ({@link
 * QuantisedRows}): about 0.02 for vectors of length 1, whatever the order of sums exact otherwise.
 * Every candidate that may be among the best of a query is offered to it; how many others are
 * depends on which thread was first, the best do not. Whoever made it closes it.
 */
final class FirstPass implements AutoCloseable {
  /** Queries multiplied at a time, and bytes of them. */
  private static final int QUERIES = 1024;

  private static final int BYTES = 1 << 28;

  private final QuantisedRows queries;
  private final double[] centre;

  /** ⟨q, m⟩. */
  private final double[] constant;

  /** Of all candidates, when they are held; else they are rounded as they come. */
  private final Optional<QuantisedRows> held;

  private final double summed;
  private final List<IntegerProducts> products = new ArrayList<>();

  private FirstPass(Tensor queries, double[] centre, Optional<QuantisedRows> held) {
    this.centre = centre;
    this.held = held;
    this.queries = QuantisedRows.ofQueries(queries, centre);
    this.constant = new double[queries.dim(0)];
    Arrays.setAll(constant, q -> this.queries.offset(q) + this.queries.centreSquare());
    // Of ⟨m, d⟩ in float32, and of sums in float64, those of the second pass included.
    this.summed = 1e-6 + (queries.dim(1) + 64) * 0x1p-48;
    int width = queries.dim(1);
    int together = Math.max(1, Math.min(QUERIES, BYTES / Math.max(1, width)));
    for (int from = 0; from < constant.length; from += together) {
      int to = Math.min(constant.length, from + together);
      byte[] some = Arrays.copyOfRange(this.queries.values(), from * width, to * width);
      products.add(new IntegerProducts(some, to - from, width));
    }
  }

  /** Candidates that come from a file, rounded about a centre. */
  static FirstPass streamed(Tensor queries, double[] centre) {
    return new FirstPass(queries, centre, Optional.empty());
  }

  /** Candidates that are held. */
  static FirstPass held(Tensor queries, QuantisedRows rows) {
    return new FirstPass(queries, rows.centre(), Optional.of(rows));
  }

  /**
   * Offers every candidate that may be among the best to its queries.
   *
   * @param vectors of candidates {@code [rows, width]}
   * @param number of the first vector among all candidates
   * @param best one per query
   */
  void compare(Tensor vectors, int number, BestOfQuery[] best) {
    QuantisedRows rows = held.orElseGet(() -> QuantisedRows.of(vectors, centre, number));
    Parallel.forBlocks(
        vectors.dim(0),
        QuantisedRows.PIECE,
        (first, last) -> {
          int query = 0;
          for (IntegerProducts some : products) {
            new Piece(rows, vectors, first, query, number, best).compare(some, last);
            query += some.count();
          }
        });
  }

  @Override
  public void close() {
    products.forEach(IntegerProducts::close);
  }

  /** Neighbouring candidates and some queries. */
  private final class Piece {
    private final QuantisedRows rows;
    private final Tensor vectors;
    private final int from;
    private final int query;
    private final int number;
    private final BestOfQuery[] best;

    private final BestOfQuery.Room room = new BestOfQuery.Room();

    /** What a similarity must reach, of each query, as last seen. */
    private double[] floors = new double[0];

    /** What a product must reach for that. */
    private int[] least = new int[0];

    /** Negative where no product of some rows reaches that. */
    private int[] below = new int[0];

    Piece(QuantisedRows rows, Tensor vectors, int from, int query, int number, BestOfQuery[] best) {
      this.rows = rows;
      this.vectors = vectors;
      this.from = from;
      this.query = query;
      this.number = number;
      this.best = best;
    }

    void compare(IntegerProducts some, int to) {
      floors = new double[some.count()];
      least = new int[some.count()];
      below = new int[some.count()];
      for (int q = 0; q < least.length; q++) {
        see(q);
      }
      some.multiply(rows.values(), from, to, this::accept);
    }

    private void accept(int first, int count, int[][] products) {
      Arrays.fill(below, -1);
      for (int i = 0; i < count; i++) {
        mark(products[i], least, below);
      }
      for (int q = 0; q < below.length; q++) {
        if (below[q] >= 0) {
          for (int i = 0; i < count; i++) {
            if (products[i][q] >= least[q]) {
              offer(first + i, q, products[i][q]);
            }
          }
        }
      }
    }

    private void offer(int row, int q, int product) {
      int asked = query + q;
      double lost = queries.error(asked);
      double value =
          constant[asked] + rows.offset(row) + queries.scale(asked) * rows.scale(row) * product;
      double margin =
          (queries.length(asked) + lost) * rows.error(row) + lost * rows.length(row) + summed;
      if (value + margin >= floors[q]) {
        best[asked].offer(vectors, row, rows.inverse(row), number, room);
        see(q);
      }
    }

    private void see(int q) {
      floors[q] = best[query + q].floor();
      least[q] = threshold(query + q, floors[q]);
    }

    /** A product below that cannot bring any row of the piece up to what is asked for. */
    private int threshold(int asked, double floor) {
      QuantisedRows.Piece piece = rows.piece(from);
      double lost = queries.error(asked);
      double most =
          piece.offset() + (queries.length(asked) + lost) * piece.error() + lost * piece.length();
      double needed = floor - constant[asked] - summed - most;
      double scale = queries.scale(asked) * (needed > 0 ? piece.mostScale() : piece.leastScale());
      if (needed == 0) {
        return 0;
      }
      if (needed < 0 && scale == 0) {
        return -IntegerProducts.BEYOND;
      }
      double reached = needed / scale; // Infinite when no product can do it: then none is taken.
      reached = Math.floor(reached - Math.abs(reached) * 1e-9);
      return (int) Math.max(-IntegerProducts.BEYOND, Math.min(IntegerProducts.BEYOND, reached));
    }
  }

  /**
   * Leaves negative what was, where a product is less than asked for. A loop without a way out and
   * with one index, which the compiler makes take many at a time.
   */
  private static void mark(int[] products, int[] least, int[] below) {
    for (int q = 0; q < below.length; q++) {
      below[q] &= products[q] - least[q];
    }
  }
}
