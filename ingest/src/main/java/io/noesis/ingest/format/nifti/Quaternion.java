package io.noesis.ingest.format.nifti;

import io.noesis.ingest.volume.Affine;
import org.jspecify.annotations.Nullable;

/**
 * A rotation as NIfTI's qform stores it: the unit quaternion {@code (a, b, c, d)} with {@code a >=
 * 0} left out, and a sign for the third axis.
 *
 * @param b second component
 * @param c third component
 * @param d fourth component
 * @param qfac 1, or -1 when the third axis is flipped to make the axes right-handed
 */
record Quaternion(double b, double c, double d, double qfac) {
  /**
   * How far two axes may be from a right angle (their cosine) for the quaternion to say as much.
   */
  private static final double SQUARE = 1e-6;

  /** The rotation of an affine, or null when its axes are sheared or have no length. */
  static @Nullable Quaternion of(Affine affine) {
    double[] zooms = affine.zoomsMm();
    double[][] r = new double[3][3];
    double qfac = affine.determinant() < 0 ? -1 : 1;
    for (int row = 0; row < 3; row++) {
      for (int axis = 0; axis < 3; axis++) {
        double flip = axis == 2 ? qfac : 1;
        if (!(zooms[axis] > 0)) {
          return null;
        }
        r[row][axis] = flip * affine.at(row, axis) / zooms[axis];
      }
    }
    for (int p = 0; p < 3; p++) {
      int q = (p + 1) % 3;
      if (Math.abs(r[0][p] * r[0][q] + r[1][p] * r[1][q] + r[2][p] * r[2][q]) > SQUARE) {
        return null;
      }
    }
    return ofRotation(r, qfac);
  }

  /** Shepperd's method: the largest component first, so that nothing small divides. */
  private static Quaternion ofRotation(double[][] r, double qfac) {
    double[] q = new double[4];
    double trace = r[0][0] + r[1][1] + r[2][2];
    int big = 0;
    for (int i = 1; i < 3; i++) {
      big = r[i][i] > r[big][big] ? i : big;
    }
    if (trace >= r[big][big]) {
      q[0] = Math.sqrt(1 + trace) / 2;
      q[1] = (r[2][1] - r[1][2]) / (4 * q[0]);
      q[2] = (r[0][2] - r[2][0]) / (4 * q[0]);
      q[3] = (r[1][0] - r[0][1]) / (4 * q[0]);
    } else {
      int i = big;
      int j = (i + 1) % 3;
      int k = (i + 2) % 3;
      double s = Math.sqrt(1 + r[i][i] - r[j][j] - r[k][k]);
      q[1 + i] = s / 2;
      q[0] = (r[k][j] - r[j][k]) / (2 * s);
      q[1 + j] = (r[j][i] + r[i][j]) / (2 * s);
      q[1 + k] = (r[k][i] + r[i][k]) / (2 * s);
    }
    double sign = q[0] < 0 ? -1 : 1;
    return new Quaternion(sign * q[1], sign * q[2], sign * q[3], qfac);
  }
}
