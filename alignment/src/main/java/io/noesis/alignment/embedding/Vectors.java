package io.noesis.alignment.embedding;

import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/** Small arithmetic on single vectors, in double. */
final class Vectors {
  private Vectors() {}

  /** Writes a vector scaled to length 1; a zero or non-finite one is the model's fault. */
  static void writeUnit(double[] vector, float[] out, int offset, String source) {
    double length = length(vector, source);
    for (int i = 0; i < vector.length; i++) {
      out[offset + i] = (float) (vector[i] / length);
    }
  }

  /** Writes a vector divided by the length of another, which must not be 0. */
  static void writeOver(float[] vector, float[] other, float[] out, int offset, String source) {
    double[] wide = new double[other.length];
    Arrays.setAll(wide, i -> other[i]);
    double length = length(wide, source);
    for (int i = 0; i < vector.length; i++) {
      out[offset + i] = (float) (vector[i] / length);
    }
  }

  /**
   * Writes the mean of rows; in a space of unit vectors that of length 1 in its direction. A single
   * row keeps its bits.
   */
  static void writeMean(Tensor rows, EmbeddingSpace space, float[] out, int offset) {
    int count = rows.dim(0);
    if (count == 1) {
      System.arraycopy(rows.array(), 0, out, offset, space.dim());
      return;
    }
    double[] sum = new double[space.dim()];
    for (int row = 0; row < count; row++) {
      for (int k = 0; k < sum.length; k++) {
        sum[k] += rows.at(row, k);
      }
    }
    if (space.scaling() == EmbeddingSpace.Scaling.UNIT) {
      writeUnit(sum, out, offset, space.model() + ", averaged over captions");
      return;
    }
    for (int k = 0; k < sum.length; k++) {
      out[offset + k] = (float) (sum[k] / count);
    }
  }

  private static double length(double[] values, String source) {
    double square = 0;
    for (double value : values) {
      square += value * value;
    }
    double length = Math.sqrt(square);
    if (!(length > 0) || Double.isInfinite(length)) {
      throw new ModelException(
          "running the model "
              + source
              + ": it returned a vector of length "
              + length
              + ", expected a finite one above 0. Check the model on this input.");
    }
    return length;
  }

  static double dot(float[] a, int offsetA, float[] b, int offsetB, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += (double) a[offsetA + i] * b[offsetB + i];
    }
    return sum;
  }
}
