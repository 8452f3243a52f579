package io.noesis.ingest.volume;

import io.noesis.run.Check;

/**
 * The space of a volume: how many voxels along each axis, and where they lie. Voxel {@code (i, j,
 * k)} has the disk index {@code i + nx * (j + ny * k)}, the first axis fastest, as in NIfTI files.
 *
 * @param nx voxels along the first axis
 * @param ny voxels along the second axis
 * @param nz voxels along the third axis
 * @param affine voxel indices to millimetres
 */
public record Grid(int nx, int ny, int nz, Affine affine) {
  /** Checks the sizes. */
  public Grid {
    Check.argument(
        nx > 0 && ny > 0 && nz > 0 && (long) nx * ny <= Integer.MAX_VALUE / (long) nz,
        "a grid needs 1 to 2^31-1 voxels, found %d x %d x %d",
        nx,
        ny,
        nz);
  }

  /** How many voxels. */
  public int voxels() {
    return nx * ny * nz;
  }

  /** The disk index of a voxel. */
  public int index(int i, int j, int k) {
    return i + nx * (j + ny * k);
  }

  /**
   * Whether both are the same space: the same sizes, and no corner of the grid further apart than 1
   * % of the shortest voxel edge, which forgives the rounding of header fields but no shift.
   *
   * @param other the grid to compare with
   */
  public boolean matches(Grid other) {
    if (nx != other.nx || ny != other.ny || nz != other.nz) {
      return false;
    }
    double[] zooms = affine.zoomsMm();
    double allowed = 0.01 * Math.min(zooms[0], Math.min(zooms[1], zooms[2]));
    for (int corner = 0; corner < 8; corner++) {
      double i = (corner & 1) == 0 ? 0 : nx - 1;
      double j = (corner & 2) == 0 ? 0 : ny - 1;
      double k = (corner & 4) == 0 ? 0 : nz - 1;
      double[] here = affine.toWorld(i, j, k);
      double[] there = other.affine.toWorld(i, j, k);
      double dx = here[0] - there[0];
      double dy = here[1] - there[1];
      double dz = here[2] - there[2];
      if (Math.sqrt(dx * dx + dy * dy + dz * dz) > allowed) {
        return false;
      }
    }
    return true;
  }

  /** The sizes, for messages: {@code 64 x 64 x 30}. */
  public String sizes() {
    return nx + " x " + ny + " x " + nz;
  }

  @Override
  public String toString() {
    return sizes() + " at " + affine;
  }
}
