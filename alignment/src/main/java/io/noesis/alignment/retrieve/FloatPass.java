package io.noesis.alignment.retrieve;

import io.noesis.encoders.torch.RowProducts;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * All cosines in float32, which is wrong by at most ε = (width + 8)·2⁻²⁴ for vectors of length 1
 * whatever the order of the sum.
 */
final class FloatPass implements FirstPass {
  private static final double UNIT = 0x1p-24;

  private final Tensor queries;
  private final double margin;

  FloatPass(Tensor queries) {
    this.queries = Directions.rounded(queries);
    this.margin = 1.05 * (queries.dim(1) + 8) * UNIT;
  }

  @Override
  public void compare(Tensor vectors, int from, int to, int number, NearBest[] near) {
    int width = vectors.dim(1);
    float[] part = Arrays.copyOfRange(vectors.array(), from * width, to * width);
    Tensor directions = Directions.rounded(Tensor.wrap(part, to - from, width));
    for (int i = 0; i < directions.size(); i++) {
      if (Float.isNaN(directions.array()[i])) {
        throw Directions.notFinite((long) number + from + i / width);
      }
    }
    RowProducts.forEach(
        queries,
        directions,
        (query, products, at) -> {
          NearBest best = near[query];
          for (int i = 0; i < to - from; i++) {
            double value = products[at + i];
            if (value + margin >= best.floor()) {
              best.offer(number + from + i, value - margin, value + margin);
            }
          }
        });
  }
}
