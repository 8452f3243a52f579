package io.noesis.ingest.volume;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The 4 x 4 matrix that takes voxel indices {@code (i, j, k, 1)} to world coordinates in
 * millimetres, x to the right, y to the front, z upwards ("RAS+", NIfTI-1 section "Orientation and
 * location in space"). Immutable.
 */
public final class Affine {
  private static final String[] ENDS = {"LR", "PA", "IS"};

  /** Rows 0 to 2, row-major; the last row is always 0 0 0 1. */
  private final double[] rows;

  private Affine(double[] rows) {
    for (double value : rows) {
      Check.argument(Double.isFinite(value), "an affine needs finite values, found %s", value);
    }
    this.rows = rows;
  }

  /**
   * An affine of its first three rows.
   *
   * @param rows 12 finite values, row-major; copied
   * @return the affine
   */
  public static Affine ofRows(double... rows) {
    Check.size("values of the first three rows of an affine", 12, rows.length);
    return new Affine(rows.clone());
  }

  /**
   * An affine without rotation, its origin at voxel (0, 0, 0).
   *
   * @param xMm millimetres per step of the first axis
   * @param yMm millimetres per step of the second axis
   * @param zMm millimetres per step of the third axis
   * @return the affine
   */
  public static Affine diagonal(double xMm, double yMm, double zMm) {
    return new Affine(new double[] {xMm, 0, 0, 0, 0, yMm, 0, 0, 0, 0, zMm, 0});
  }

  /**
   * One element.
   *
   * @param row 0 to 3
   * @param column 0 to 3
   * @return its value
   */
  public double at(int row, int column) {
    if (row == 3) {
      return column == 3 ? 1 : 0;
    }
    return rows[row * 4 + column];
  }

  /** All 16 values, row-major, in a new array. */
  public double[] toArray() {
    double[] out = Arrays.copyOf(rows, 16);
    out[15] = 1;
    return out;
  }

  /**
   * Where a voxel lies.
   *
   * @return x, y, z in millimetres
   */
  public double[] toWorld(double i, double j, double k) {
    double[] out = new double[3];
    for (int r = 0; r < 3; r++) {
      out[r] = rows[4 * r] * i + rows[4 * r + 1] * j + rows[4 * r + 2] * k + rows[4 * r + 3];
    }
    return out;
  }

  /** The lengths of one step along each axis, in millimetres. */
  public double[] zoomsMm() {
    double[] out = new double[3];
    for (int c = 0; c < 3; c++) {
      out[c] = Math.sqrt(rows[c] * rows[c] + rows[4 + c] * rows[4 + c] + rows[8 + c] * rows[8 + c]);
    }
    return out;
  }

  /**
   * The affine from world coordinates to voxel indices.
   *
   * @throws DataException when the three axes do not span space
   */
  public Affine inverse() {
    double[] inverse = inverse3(linear());
    if (inverse == null) {
      throw new DataException(
          "inverting the affine "
              + this
              + ": its axes do not span space. Correct the sform or qform of the image it came from.");
    }
    double[] out = new double[12];
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        out[4 * r + c] = inverse[3 * r + c];
        out[4 * r + 3] -= inverse[3 * r + c] * rows[4 * c + 3];
      }
    }
    return new Affine(out);
  }

  /**
   * Whether no element differs by more than a tolerance.
   *
   * @param other the affine to compare with
   * @param tolerance the largest difference allowed, in millimetres
   */
  public boolean near(Affine other, double tolerance) {
    for (int i = 0; i < 12; i++) {
      if (Math.abs(rows[i] - other.rows[i]) > tolerance) {
        return false;
      }
    }
    return true;
  }

  /**
   * The end of each voxel axis that its index grows towards: {@code RAS} when they grow to the
   * right, the front and the top. Each axis takes the anatomical direction it is nearest to, after
   * zooms and shears are divided out (polar decomposition), the clearest axis choosing first.
   *
   * @return three letters of L/R, P/A, I/S; {@code ?} for an axis without direction
   */
  public String orientation() {
    double[] r = nearestRotation();
    char[] letters = {'?', '?', '?'};
    boolean[] taken = new boolean[3];
    for (int round = 0; round < 3; round++) {
      int bestColumn = -1;
      int bestRow = -1;
      for (int c = 0; c < 3; c++) {
        for (int row = 0; row < 3; row++) {
          boolean open = letters[c] == '?' && !taken[row] && Math.abs(r[3 * row + c]) > 1e-10;
          if (open
              && (bestColumn < 0
                  || Math.abs(r[3 * row + c]) > Math.abs(r[3 * bestRow + bestColumn]))) {
            bestColumn = c;
            bestRow = row;
          }
        }
      }
      if (bestColumn >= 0) {
        letters[bestColumn] = ENDS[bestRow].charAt(r[3 * bestRow + bestColumn] > 0 ? 1 : 0);
        taken[bestRow] = true;
      }
    }
    return new String(letters);
  }

  /**
   * The orthogonal polar factor, by Newton's iteration; zooms alone are divided out if singular.
   */
  private double[] nearestRotation() {
    double[] zooms = zoomsMm();
    double[] r = linear();
    for (int i = 0; i < 9; i++) {
      r[i] = zooms[i % 3] == 0 ? 0 : r[i] / zooms[i % 3];
    }
    double[] scaled = r.clone();
    for (int step = 0; step < 50; step++) {
      double[] inverse = inverse3(r);
      if (inverse == null) {
        return scaled;
      }
      double change = 0;
      double[] next = new double[9];
      for (int i = 0; i < 9; i++) {
        next[i] = (r[i] + inverse[3 * (i % 3) + i / 3]) / 2;
        change = Math.max(change, Math.abs(next[i] - r[i]));
      }
      r = next;
      if (change < 1e-14) {
        break;
      }
    }
    return r;
  }

  private double[] linear() {
    return new double[] {
      rows[0], rows[1], rows[2], rows[4], rows[5], rows[6], rows[8], rows[9], rows[10]
    };
  }

  /** The determinant of the 3 x 3 part; negative when the axes are left-handed. */
  public double determinant() {
    return determinant3(linear());
  }

  private static double determinant3(double[] m) {
    return m[0] * (m[4] * m[8] - m[5] * m[7])
        - m[1] * (m[3] * m[8] - m[5] * m[6])
        + m[2] * (m[3] * m[7] - m[4] * m[6]);
  }

  private static double @org.jspecify.annotations.Nullable [] inverse3(double[] m) {
    double det = determinant3(m);
    double size = 0;
    for (double v : m) {
      size = Math.max(size, Math.abs(v));
    }
    if (!(Math.abs(det) > 1e-12 * size * size * size)) {
      return null;
    }
    double[] out = {
      m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
      m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
      m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]
    };
    for (int i = 0; i < 9; i++) {
      out[i] /= det;
    }
    return out;
  }

  /** Equal when all bits are equal; {@link #near} and {@link Grid#matches} allow for rounding. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Affine a && Arrays.equals(rows, a.rows);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(rows);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < 12; i++) {
      text.append(i == 0 ? "" : i % 4 == 0 ? "; " : " ")
          .append(String.format(Locale.ROOT, "%.6g", rows[i]));
    }
    return text.append(']').toString();
  }
}
