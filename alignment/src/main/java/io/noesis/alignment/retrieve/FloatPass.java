package io.noesis.alignment.retrieve;

import io.noesis.encoders.torch.RowProducts;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * All cosines in float32, from candidates as they are and their lengths in float64: wrong by at
 * most ε = (width + 8)·2⁻²⁴ whatever the order of the sum. Candidates whose lengths are beyond what
 * float32 multiplies without loss are brought to length 1 first.
 */
final class FloatPass implements FirstPass {
  private static final double UNIT = 0x1p-24;

  /** Lengths between which no product of a candidate leaves the range of float32. */
  private static final double SHORTEST = 1e-12;

  private static final double LONGEST = 1e12;

  private static final int ROWS_PER_TASK = 64;

  private final Tensor queries;
  private final double margin;

  FloatPass(Tensor queries) {
    this.queries = Directions.rounded(queries);
    this.margin = 1.05 * (queries.dim(1) + 8) * UNIT;
  }

  @Override
  public void compare(Tensor vectors, int from, int to, int number, NearBest[] near) {
    double[] inverse = new double[to - from];
    Parallel.forBlocks(
        inverse.length,
        ROWS_PER_TASK,
        (first, last) -> {
          int width = vectors.dim(1);
          for (int i = first; i < last; i++) {
            inverse[i] = Directions.inverseLength(vectors.array(), (from + i) * width, width);
          }
        });
    boolean multiplied = true;
    for (int i = 0; i < inverse.length; i++) {
      // A value that is not finite leaves no length, or one without an inverse above 0.
      if (Double.isNaN(inverse[i]) || (inverse[i] == 0 && !isZero(vectors, from + i))) {
        throw Directions.notFinite((long) number + from + i);
      }
      multiplied &= inverse[i] == 0 || (inverse[i] >= 1 / LONGEST && inverse[i] <= 1 / SHORTEST);
    }
    if (multiplied) {
      search(vectors, from, to, new Comparison(inverse, number + from, near));
    } else {
      Tensor unit = Directions.rounded(some(vectors, from, to));
      Arrays.setAll(inverse, i -> inverse[i] == 0 ? 0 : 1);
      search(unit, 0, to - from, new Comparison(inverse, number + from, near));
    }
  }

  private void search(Tensor vectors, int from, int to, Comparison comparison) {
    RowProducts.forEach(queries, vectors, from, to, comparison);
  }

  private static Tensor some(Tensor vectors, int from, int to) {
    int width = vectors.dim(1);
    float[] part = Arrays.copyOfRange(vectors.array(), from * width, to * width);
    return Tensor.wrap(part, to - from, width);
  }

  private static boolean isZero(Tensor vectors, int row) {
    for (float value : vectors.row(row)) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private final class Comparison implements RowProducts.Use {
    private final double[] inverse;
    private final int number;
    private final NearBest[] near;

    /** The longest inverse of each piece. */
    private final double[] most;

    Comparison(double[] inverse, int number, NearBest[] near) {
      this.inverse = inverse;
      this.number = number;
      this.near = near;
      this.most = new double[(inverse.length + RowProducts.PIECE - 1) / RowProducts.PIECE];
      for (int i = 0; i < inverse.length; i++) {
        int piece = i / RowProducts.PIECE;
        most[piece] = Math.max(most[piece], inverse[i]);
      }
    }

    @Override
    public void accept(int query, int column, float[] products, int offset, int count) {
      NearBest best = near[query];
      int end = offset + count;
      double longest = most[column / RowProducts.PIECE];
      float least = threshold(best.floor(), longest);
      for (int i = next(products, offset, end, least);
          i < end;
          i = next(products, i + 1, end, least)) {
        int row = column + i - offset;
        double value = products[i] * inverse[row];
        if (value + margin >= best.floor()) {
          best.offer(number + row, value - margin, value + margin);
          least = threshold(best.floor(), longest);
        }
      }
    }

    /** A product below that brings no row of the piece up to the floor. */
    private float threshold(double floor, double longest) {
      double wanted = floor - margin;
      return wanted > 0 && longest > 0
          ? (float) (wanted / longest * (1 - 1e-6))
          : Float.NEGATIVE_INFINITY;
    }
  }

  /**
   * Where the next product is that is not below; a loop of its own, which compiles to a tight one.
   */
  private static int next(float[] products, int from, int to, float least) {
    for (int i = from; i < to; i++) {
      if (products[i] >= least) {
        return i;
      }
    }
    return to;
  }
}
