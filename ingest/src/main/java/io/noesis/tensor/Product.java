package io.noesis.tensor;

import io.noesis.run.Parallel;
import java.util.Arrays;

/**
 * The product C = A·B of two operands read through {@link Operand}, in float64. Columns of B are
 * packed into panels of separate short rows, because C2 turns loops over several arrays into vector
 * instructions but not loops over several offsets of one array. Every element of C is the plain sum
 * over k in ascending order, so blocks, panels and threads cannot change a bit.
 */
final class Product {
  /** Columns per panel: the rows in use stay in the first cache and off its 4096-byte aliases. */
  private static final int PANEL = 320;

  /** Rows of B per pass over a tile of C: one panel of that depth stays in the second cache. */
  private static final int DEPTH = 64;

  /** Rows of C per tile; a multiple of the three rows of the kernel. */
  private static final int ROWS = 48;

  /** Rows of B packed at a time and panels packed at a time: bounds the packed copy to 84 MB. */
  private static final int CHUNK = 2048;

  private static final int GROUP = 16;

  private Product() {}

  /** Which part of C is wanted. */
  enum Part {
    ALL,
    /** B is Aᵀ: only tiles that touch or lie below the diagonal are computed, then mirrored. */
    SYMMETRIC
  }

  /** A·B; the caller has checked that the inner sizes agree. */
  static Matrix of(Operand a, Operand b, Part part) {
    int rows = a.rows();
    int columns = b.columns();
    Matrix c = Matrix.zeros(rows, columns);
    int panels = blocks(columns, PANEL);
    int rowBlocks = blocks(rows, ROWS);
    for (int group = 0; group < panels; group += GROUP) {
      int first = group;
      int count = Math.min(GROUP, panels - first);
      for (int k0 = 0; k0 < a.columns(); k0 += CHUNK) {
        int k = k0;
        int depth = Math.min(CHUNK, a.columns() - k);
        double[][][] packed = new double[count][][];
        Parallel.forBlocks(
            count, 1, (from, to) -> packed[from] = pack(b, k, depth, (first + from) * PANEL));
        Parallel.forBlocks(
            Math.multiplyExact(rowBlocks, count),
            1,
            (from, to) -> {
              int row = from / count * ROWS;
              int column = (first + from % count) * PANEL;
              if (part == Part.ALL || column < row + ROWS) {
                tile(a, packed[from % count], c, k, row, column);
              }
            });
      }
    }
    if (part == Part.SYMMETRIC) {
      mirror(c);
    }
    return c;
  }

  private static int blocks(int n, int size) {
    return (int) ((n + (long) size - 1) / size);
  }

  private static double[][] pack(Operand b, int k0, int depth, int column) {
    int width = Math.min(PANEL, b.columns() - column);
    double[][] panel = new double[depth + (depth & 1)][width];
    b.read(k0, depth, column, width, panel);
    return panel;
  }

  private static void tile(Operand a, double[][] b, Matrix c, int k0, int row, int column) {
    int width = b[0].length;
    int height = Math.min(ROWS, c.rows() - row);
    int padded = (height + 2) / 3 * 3;
    double[][] sums = new double[padded][];
    for (int r = 0; r < padded; r++) {
      int at = (row + r) * c.columns() + column;
      sums[r] = r < height ? Arrays.copyOfRange(c.array(), at, at + width) : new double[width];
    }
    double[] left = new double[padded * DEPTH];
    int depth = Math.min(b.length, a.columns() - k0);
    for (int k = 0; k < depth; k += DEPTH) {
      int d = Math.min(DEPTH, depth - k);
      if (d < DEPTH) {
        Arrays.fill(left, 0);
      }
      a.read(row, height, k0 + k, d, left, DEPTH);
      for (int r = 0; r < padded; r += 3) {
        threeRows(left, r * DEPTH, d, b, k, sums[r], sums[r + 1], sums[r + 2]);
      }
    }
    for (int r = 0; r < height; r++) {
      System.arraycopy(sums[r], 0, c.array(), (row + r) * c.columns() + column, width);
    }
  }

  private static void threeRows(
      double[] left,
      int at,
      int depth,
      double[][] b,
      int k,
      double[] c0,
      double[] c1,
      double[] c2) {
    for (int d = 0; d < depth; d += 2) {
      int i = at + d;
      add(
          c0,
          c1,
          c2,
          b[k + d],
          b[k + d + 1],
          left[i],
          left[i + 1],
          left[i + DEPTH],
          left[i + DEPTH + 1],
          left[i + 2 * DEPTH],
          left[i + 2 * DEPTH + 1]);
    }
  }

  /** The kernel: small enough that C2 unrolls it to whole vectors. */
  private static void add(
      double[] c0,
      double[] c1,
      double[] c2,
      double[] b0,
      double[] b1,
      double p0,
      double p1,
      double q0,
      double q1,
      double r0,
      double r1) {
    for (int j = 0; j < c0.length; j++) {
      double x = b0[j];
      double y = b1[j];
      c0[j] = c0[j] + p0 * x + p1 * y;
      c1[j] = c1[j] + q0 * x + q1 * y;
      c2[j] = c2[j] + r0 * x + r1 * y;
    }
  }

  private static void mirror(Matrix c) {
    double[] values = c.array();
    int n = c.rows();
    Parallel.forBlocks(
        n,
        64,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            for (int j = i + 1; j < n; j++) {
              values[i * n + j] = values[j * n + i];
            }
          }
        });
  }
}
