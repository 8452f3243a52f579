package io.noesis.alignment.retrieve;

import io.noesis.encoders.torch.IntegerProducts;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * All cosines by products of 8-bit integers, with bounds of what their rounding lost ({@link
 * QuantisedRows}): about 0.016 for vectors of length 1, whatever the order of sums exact otherwise.
 */
final class IntegerPass implements FirstPass {
  private final QuantisedRows queries;
  private final double[] centre;

  /** ⟨q, m⟩. */
  private final double[] constant;

  /** Of all candidates, when they are held; else they are rounded as they come. */
  private final Optional<QuantisedRows> held;

  private final double summed;

  private IntegerPass(Tensor queries, double[] centre, Optional<QuantisedRows> held) {
    this.centre = centre;
    this.held = held;
    this.queries = QuantisedRows.of(queries, centre, 0);
    this.constant = new double[queries.dim(0)];
    Arrays.setAll(constant, q -> this.queries.offset(q) + this.queries.centreSquare());
    // Of ⟨m, d⟩ in float32, and of sums in float64, those of the second pass included.
    this.summed = 1e-6 + (queries.dim(1) + 64) * 0x1p-48;
  }

  /** Candidates that come from a file, rounded about a centre. */
  static IntegerPass streamed(Tensor queries, double[] centre) {
    return new IntegerPass(queries, centre, Optional.empty());
  }

  /** Candidates that are held. */
  static IntegerPass held(Tensor queries, QuantisedRows rows) {
    return new IntegerPass(queries, rows.centre(), Optional.of(rows));
  }

  @Override
  public void compare(Tensor vectors, int from, int to, int number, NearBest[] near) {
    QuantisedRows rows = held.orElseGet(() -> QuantisedRows.of(vectors, centre, number));
    IntegerProducts.forEach(
        queries.values(),
        new IntegerProducts.Rows(rows.values(), from, to - from, rows.width()),
        new Comparison(rows, from, number, near));
  }

  private final class Comparison implements IntegerProducts.Use {
    private final QuantisedRows rows;
    private final int from;
    private final int number;
    private final NearBest[] near;

    Comparison(QuantisedRows rows, int from, int number, NearBest[] near) {
      this.rows = rows;
      this.from = from;
      this.number = number;
      this.near = near;
    }

    @Override
    public void accept(int query, int column, int[] products, int offset, int count) {
      NearBest best = near[query];
      double wanted = best.floor() - constant[query] - summed;
      int least = threshold(query, rows.piece(from + column), wanted);
      double lost = queries.error(query);
      double reach = queries.length(query) + lost;
      int end = offset + count;
      for (int i = next(products, offset, end, least);
          i < end;
          i = next(products, i + 1, end, least)) {
        int row = from + column + i - offset;
        double product = queries.scale(query) * rows.scale(row) * products[i];
        double value = constant[query] + rows.offset(row) + product;
        double margin = reach * rows.error(row) + lost * rows.length(row) + summed;
        best.offer(number + row, value - margin, value + margin);
      }
    }
  }

  /**
   * Where the next product is that is not below; a loop of its own, which compiles to a tight one.
   */
  private static int next(int[] products, int from, int to, int least) {
    for (int i = from; i < to; i++) {
      if (products[i] >= least) {
        return i;
      }
    }
    return to;
  }

  /** A product below that cannot bring any row of the piece up to what is asked for. */
  private int threshold(int query, QuantisedRows.Piece piece, double wanted) {
    double reach = queries.length(query) + queries.error(query);
    double most = piece.offset() + reach * piece.error() + queries.error(query) * piece.length();
    double needed = wanted - most;
    double scale = queries.scale(query) * (needed > 0 ? piece.mostScale() : piece.leastScale());
    if (needed == 0) {
      return 0;
    }
    if (needed < 0 && scale == 0) {
      return Integer.MIN_VALUE;
    }
    double least = needed / scale; // Infinite when no product can do it: then none is taken.
    return (int) Math.floor(least - Math.abs(least) * 1e-9);
  }
}
