package io.noesis.alignment.retrieve;

import io.noesis.encoders.onnx.IntegerProducts;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;

/**
 * Directions less a common centre m in 8-bit integers, with what that rounding lost. For a
 * direction x, d = x − m = s·b + e with whole numbers b in -127 ... 127 (-63 ... 63 for queries, as
 * {@link IntegerProducts} wants the two sides of its products); kept are b, s, bounds of |e| and
 * |d|, and ⟨m, d⟩. Then ⟨q, x⟩ = ⟨q, m⟩ + ⟨m, d⟩ + s_q·s·⟨b_q, b⟩ up to (|d_q| + |e_q|)·|e| +
 * |e_q|·|d| (Cauchy and Schwarz), whatever the centre; the nearer it is, the less is lost.
 */
final class QuantisedRows {
  /** Rows whose extremes are known together. */
  static final int PIECE = 128;

  private static final int ROWS_PER_TASK = 64;

  /** What rounding to float32 on the way can take from a vector of length 1 or a little more. */
  private static final double ROUNDED = 1e-6;

  private static final float WHOLE = 0x1.8p23f;

  private final int rows;
  private final int width;
  private final double[] centre;
  private final float[] narrowCentre;
  private final double centreSquare;
  private final int largest;
  private final int bias;
  private final byte[] values;
  private final double[] inverse;
  private final double[] scale;
  private final double[] offset;
  private final double[] error;
  private final double[] length;
  private final Piece[] pieces;

  /** The extremes of neighbouring rows, by which most of their products are told apart at once. */
  record Piece(double leastScale, double mostScale, double offset, double error, double length) {}

  private QuantisedRows(int rows, int width, double[] centre, int largest, int bias) {
    this.rows = rows;
    this.largest = largest;
    this.bias = bias;
    this.centre = centre;
    this.narrowCentre = new float[width];
    double square = 0;
    for (int k = 0; k < width; k++) {
      narrowCentre[k] = (float) centre[k];
      square += centre[k] * centre[k];
    }
    this.centreSquare = square;
    this.width = width;
    this.values = new byte[Math.multiplyExact(rows, width)];
    this.inverse = new double[rows];
    this.scale = new double[rows];
    this.offset = new double[rows];
    this.error = new double[rows];
    this.length = new double[rows];
    this.pieces = new Piece[(rows + PIECE - 1) / PIECE];
  }

  /**
   * Rounds candidates.
   *
   * @param vectors {@code [rows, width]} of any length
   * @param centre m, of numbers that float32 holds; not longer than 1
   * @param first the number of the first one, for messages
   */
  static QuantisedRows of(Tensor vectors, double[] centre, int first) {
    return of(vectors, centre, first, IntegerProducts.LARGEST_IN_ROW, IntegerProducts.BIAS);
  }

  /** Rounds queries {@code [rows, width]} about the centre of what they are compared with. */
  static QuantisedRows ofQueries(Tensor vectors, double[] centre) {
    return of(vectors, centre, 0, IntegerProducts.largestInVector(vectors.dim(1)), 0);
  }

  private static QuantisedRows of(
      Tensor vectors, double[] centre, int first, int largest, int bias) {
    QuantisedRows out = new QuantisedRows(vectors.dim(0), vectors.dim(1), centre, largest, bias);
    Parallel.forBlocks(
        out.rows,
        ROWS_PER_TASK,
        (from, to) -> {
          float[] scratch = new float[out.width];
          for (int row = from; row < to; row++) {
            out.round(vectors.array(), row, scratch, first);
          }
        });
    for (int p = 0; p < out.pieces.length; p++) {
      int from = p * PIECE;
      out.pieces[p] = out.extremes(from, Math.min(out.rows, from + PIECE));
    }
    return out;
  }

  private void round(float[] vectors, int row, float[] scratch, int first) {
    int at = row * width;
    double square = square(vectors, at);
    inverse[row] = square == 0 ? 0 : 1 / Math.sqrt(square);
    subtractCentre(vectors, at, inverse[row], scratch);
    double along = alongCentre(scratch);
    if (Double.isNaN(along) || square == Double.POSITIVE_INFINITY) {
      throw Directions.notFinite((long) first + row);
    }
    float step = largest(scratch) / largest;
    // Below that there is nothing that float32 could tell from the centre: all of it is error.
    float inverseStep = step < 1e-30f ? 0 : 1 / step;
    scale[row] = inverseStep == 0 ? 0 : step;
    offset[row] = along;
    double lost = toBytes(scratch, at, inverseStep, (float) scale[row]);
    error[row] = Math.sqrt(lost) * (1 + width * 0x1p-24) + ROUNDED;
    // |x − m|² = |x|² − 2⟨m, x − m⟩ − |m|², off by the rounding of its parts.
    double far = (square == 0 ? 0 : 1) - 2 * along - centreSquare;
    length[row] = Math.sqrt(Math.max(0, far) + 4 * ROUNDED);
  }

  private double square(float[] vectors, int at) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int k = 0;
    for (; k + 3 < width; k += 4) {
      double a = vectors[at + k];
      double b = vectors[at + k + 1];
      double c = vectors[at + k + 2];
      double d = vectors[at + k + 3];
      sum0 += a * a;
      sum1 += b * b;
      sum2 += c * c;
      sum3 += d * d;
    }
    for (; k < width; k++) {
      double a = vectors[at + k];
      sum0 += a * a;
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /** Each off by no more than 2⁻²³·|x_k| + 2⁻²⁴·|d_k|, and the smallest float32 above 0. */
  private void subtractCentre(float[] vectors, int at, double inverse, float[] out) {
    float narrow = (float) inverse;
    float[] middle = narrowCentre;
    if (narrow > 1e-30f && narrow < 1e30f) {
      for (int k = 0; k < out.length; k++) {
        out[k] = vectors[at + k] * narrow - middle[k];
      }
    } else {
      for (int k = 0; k < out.length; k++) {
        out[k] = (float) (vectors[at + k] * inverse - centre[k]);
      }
    }
  }

  private double alongCentre(float[] d) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int k = 0;
    for (; k + 3 < width; k += 4) {
      sum0 += d[k] * centre[k];
      sum1 += d[k + 1] * centre[k + 1];
      sum2 += d[k + 2] * centre[k + 2];
      sum3 += d[k + 3] * centre[k + 3];
    }
    for (; k < width; k++) {
      sum0 += d[k] * centre[k];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  private static float largest(float[] d) {
    float largest = 0;
    for (float value : d) {
      float magnitude = Math.abs(value);
      if (magnitude > largest) {
        largest = magnitude;
      }
    }
    return largest;
  }

  /** Writes whole numbers of steps and returns Σe²; {@code d} is used up. */
  private double toBytes(float[] d, int at, float inverseStep, float step) {
    // Adding this leaves whole numbers only, in the last bits.
    float plus = WHOLE + bias;
    for (int k = 0; k < d.length; k++) {
      float whole = d[k] * inverseStep + plus;
      values[at + k] = (byte) Float.floatToRawIntBits(whole);
      d[k] -= (whole - plus) * step;
    }
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int k = 0;
    for (; k + 3 < d.length; k += 4) {
      sum0 += d[k] * d[k];
      sum1 += d[k + 1] * d[k + 1];
      sum2 += d[k + 2] * d[k + 2];
      sum3 += d[k + 3] * d[k + 3];
    }
    for (; k < d.length; k++) {
      sum0 += d[k] * d[k];
    }
    return ((double) sum0 + sum1) + ((double) sum2 + sum3);
  }

  private Piece extremes(int from, int to) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    double along = Double.NEGATIVE_INFINITY;
    double lost = 0;
    double norm = 0;
    for (int row = from; row < to; row++) {
      least = Math.min(least, scale[row]);
      most = Math.max(most, scale[row]);
      along = Math.max(along, offset[row]);
      lost = Math.max(lost, error[row]);
      norm = Math.max(norm, length[row]);
    }
    return new Piece(least, most, along, lost, norm);
  }

  int rows() {
    return rows;
  }

  int width() {
    return width;
  }

  double[] centre() {
    return centre;
  }

  double centreSquare() {
    return centreSquare;
  }

  /** {@code [rows, width]}, each plus the bias; the live array. */
  byte[] values() {
    return values;
  }

  /** b of one row and column. */
  int whole(int row, int column) {
    return ((values[row * width + column] & 0xff) - bias) << 24 >> 24;
  }

  /** 1 over the length of the vector; 0 for one of length zero. */
  double inverse(int row) {
    return inverse[row];
  }

  double scale(int row) {
    return scale[row];
  }

  double offset(int row) {
    return offset[row];
  }

  double error(int row) {
    return error[row];
  }

  double length(int row) {
    return length[row];
  }

  /** The extremes of the piece that starts at a row. */
  Piece piece(int row) {
    return pieces[row / PIECE];
  }

  /** The mean direction of some vectors; those of a sample are near enough. */
  static double[] centre(Tensor vectors) {
    int width = vectors.dim(1);
    int step = Math.max(1, vectors.dim(0) / 4096);
    double[] mean = new double[width];
    int count = 0;
    for (int row = 0; row < vectors.dim(0); row += step) {
      double inverse = Directions.inverseLength(vectors.array(), row * width, width);
      if (Double.isNaN(inverse) || inverse == 0) {
        continue; // Without a direction, or not finite: then it is refused when it is rounded.
      }
      count++;
      for (int k = 0; k < width; k++) {
        mean[k] += vectors.array()[row * width + k] * inverse;
      }
    }
    for (int k = 0; k < width; k++) {
      // A float32, as the products with it are then exact to rounding of their sum alone.
      mean[k] = (float) (mean[k] / Math.max(1, count));
    }
    return mean;
  }
}
