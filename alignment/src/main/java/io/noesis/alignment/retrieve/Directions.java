package io.noesis.alignment.retrieve;

import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;

/** Vectors brought to length 1. A vector of length zero has no direction and stays zero. */
final class Directions {
  private static final int ROWS_PER_TASK = 64;

  private Directions() {}

  /** Rows in 64 bits: equal vectors have exactly equal directions. */
  static Matrix of(Tensor vectors, int first, int count) {
    int width = vectors.dim(1);
    Matrix out = Matrix.zeros(count, width);
    Parallel.forBlocks(
        count,
        ROWS_PER_TASK,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int at = (first + r) * width;
            double inverse = inverseLength(vectors.array(), at, width);
            for (int k = 0; k < width; k++) {
              out.array()[r * width + k] = vectors.array()[at + k] * inverse;
            }
          }
        });
    return out;
  }

  /** 1 over the length of the vector that starts there; 0 for one of length zero. */
  static double inverseLength(float[] values, int at, int width) {
    double square = 0;
    for (int k = 0; k < width; k++) {
      double v = values[at + k];
      square += v * v;
    }
    return square == 0 ? 0 : 1 / Math.sqrt(square);
  }

  static DataException notFinite(long row) {
    return new DataException(
        "searching a gallery: row "
            + row
            + " of its vectors holds a value that is not finite; finite numbers are needed. Remove"
            + " that row, or compute its embedding again.");
  }
}
