package io.noesis.ingest.volume;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which voxels of a grid are columns of a matrix, and in which order: {@link
 * VoxelOrder#LAST_AXIS_FASTEST} (as nilearn) unless asked otherwise by {@link #in}. Immutable; at
 * least one voxel.
 */
public final class BrainMask {
  private final Grid grid;
  private final VoxelOrder order;
  private final int[] voxels;
  private final String name;

  private BrainMask(Grid grid, VoxelOrder order, int[] voxels, String name) {
    this.grid = grid;
    this.order = order;
    this.voxels = voxels;
    this.name = name;
  }

  /**
   * A mask of the voxels marked true.
   *
   * @param grid the space
   * @param inside one flag per voxel in disk order; read, not kept
   * @return the mask
   * @throws DataException when no voxel is inside
   */
  public static BrainMask of(Grid grid, boolean[] inside) {
    Check.size("flags of a mask of " + grid.sizes(), grid.voxels(), inside.length);
    return ordered(grid, inside, VoxelOrder.LAST_AXIS_FASTEST, "a mask");
  }

  /**
   * A mask of the voxels of one volume that are not zero; NaN counts as outside.
   *
   * @param volume a 3-D image; a series of several volumes is refused
   * @return the mask
   * @throws DataException when it is a series, or no voxel is inside
   */
  public static BrainMask nonZero(VolumeSource volume) {
    float[] values = single(volume);
    boolean[] inside = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      inside[i] = values[i] != 0 && !Float.isNaN(values[i]);
    }
    try {
      return ordered(
          volume.grid(), inside, VoxelOrder.LAST_AXIS_FASTEST, "the mask " + volume.name());
    } catch (DataException e) {
      throw new DataException("reading the mask " + volume.name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * A mask of the voxels brighter than a threshold between the robust minimum and maximum: {@code
   * p2 + fraction * (p98 - p2)}, with the 2nd and 98th percentile of the finite values.
   *
   * @param mean the mean of a run, as from {@link Volume#mean}
   * @param fraction in (0, 1); 0.1 to 0.3 keeps the head and drops the air
   * @return the mask
   * @throws DataException when the volume has no contrast
   */
  public static BrainMask brighterThan(Volume mean, double fraction) {
    Check.argument(fraction > 0 && fraction < 1, "fraction must be in (0, 1), found %s", fraction);
    float[] values = single(mean);
    float[] sorted = new float[values.length];
    int n = 0;
    for (float value : values) {
      if (Float.isFinite(value)) {
        sorted[n++] = value;
      }
    }
    Arrays.sort(sorted, 0, n);
    double low = n == 0 ? 0 : sorted[(int) (0.02 * (n - 1))];
    double high = n == 0 ? 0 : sorted[(int) Math.ceil(0.98 * (n - 1))];
    if (!(high > low)) {
      throw new DataException(
          "making a mask from a mean volume: its 2nd and 98th percentile are both "
              + low
              + ", so there is no brain to tell from air. Give a mask file.");
    }
    double threshold = low + fraction * (high - low);
    boolean[] inside = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      inside[i] = values[i] > threshold;
    }
    return ordered(mean.grid(), inside, VoxelOrder.LAST_AXIS_FASTEST, "the mask of bright voxels");
  }

  private static float[] single(VolumeSource volume) {
    if (volume.volumes() != 1) {
      throw new DataException(
          "reading the mask "
              + volume.name()
              + ": it has "
              + volume.volumes()
              + " volumes, expected 1. Give a 3-D mask, or extract one volume of it.");
    }
    return Volume.read(volume).array();
  }

  private static BrainMask ordered(Grid grid, boolean[] inside, VoxelOrder order, String name) {
    int count = 0;
    for (boolean b : inside) {
      count += b ? 1 : 0;
    }
    if (count == 0) {
      throw new DataException(
          "a mask of "
              + grid.sizes()
              + " has no voxel inside, expected at least 1. Check the image.");
    }
    int[] voxels = new int[count];
    int at = 0;
    if (order == VoxelOrder.FIRST_AXIS_FASTEST) {
      for (int i = 0; i < inside.length; i++) {
        if (inside[i]) {
          voxels[at++] = i;
        }
      }
    } else {
      for (int i = 0; i < grid.nx(); i++) {
        for (int j = 0; j < grid.ny(); j++) {
          for (int k = 0; k < grid.nz(); k++) {
            int index = grid.index(i, j, k);
            if (inside[index]) {
              voxels[at++] = index;
            }
          }
        }
      }
    }
    return new BrainMask(grid, order, voxels, name);
  }

  /** The same voxels with columns in the order asked for. */
  public BrainMask in(VoxelOrder wanted) {
    return wanted == order ? this : ordered(grid, flags(), wanted, name);
  }

  /**
   * The voxels inside both, in this mask's order.
   *
   * @param other a mask of the same space
   * @throws DataException when the spaces differ or nothing is left
   */
  public BrainMask intersect(BrainMask other) {
    requireSameSpace(other.grid, other.name);
    boolean[] both = flags();
    boolean[] theirs = other.flags();
    for (int i = 0; i < both.length; i++) {
      both[i] &= theirs[i];
    }
    return ordered(grid, both, order, name);
  }

  /**
   * The mask without some of its columns.
   *
   * @param drop one flag per column: true takes it out
   * @throws DataException when nothing is left
   */
  public BrainMask without(boolean[] drop) {
    Check.size("flags for the columns of a mask", voxels.length, drop.length);
    boolean[] inside = flags();
    for (int c = 0; c < drop.length; c++) {
      if (drop[c]) {
        inside[voxels[c]] = false;
      }
    }
    return ordered(grid, inside, order, name);
  }

  /**
   * Requires an image to lie in the mask's space.
   *
   * @param image the image's space
   * @param imageName what the message calls the image
   * @throws DataException naming both files and spaces when they differ
   */
  public void requireSameSpace(Grid image, String imageName) {
    if (!grid.matches(image)) {
      throw new DataException(
          "applying "
              + name
              + " to "
              + imageName
              + ": the mask is "
              + grid
              + " and the image is "
              + image
              + "; expected the same sizes and the same affine (within 1 % of a voxel). Resample the"
              + " mask to the image (nearest neighbour), or take the mask made for this run.");
    }
  }

  /** The space. */
  public Grid grid() {
    return grid;
  }

  /** How the columns are ordered. */
  public VoxelOrder order() {
    return order;
  }

  /** How many voxels are inside: the columns of a matrix. */
  public int voxels() {
    return voxels.length;
  }

  /** The disk index of each column's voxel, in a new array. */
  public int[] indices() {
    return voxels.clone();
  }

  /** The live disk indices, for loops inside the package. */
  int[] columns() {
    return voxels;
  }

  /**
   * The voxel of a column.
   *
   * @return i, j, k
   */
  public int[] voxel(int column) {
    int index = voxels[column];
    return new int[] {
      index % grid.nx(), index / grid.nx() % grid.ny(), index / grid.nx() / grid.ny()
    };
  }

  /** One flag per voxel in disk order, in a new array. */
  public boolean[] flags() {
    boolean[] out = new boolean[grid.voxels()];
    for (int index : voxels) {
      out[index] = true;
    }
    return out;
  }

  /**
   * SHA-256 of which voxels are columns, in which order and of which space: two matrices with equal
   * fingerprints have the same voxel in the same column.
   *
   * @return 64 hexadecimal digits
   */
  public String fingerprint() {
    StringBuilder text = new StringBuilder(grid.sizes());
    for (double value : grid.affine().toArray()) {
      text.append(' ').append(value);
    }
    for (int index : voxels) {
      text.append(' ').append(index);
    }
    return Fingerprint.ofText(text.toString());
  }

  /** A volume of ones inside and zeros outside. */
  public Volume toVolume() {
    float[] out = new float[grid.voxels()];
    for (int index : voxels) {
      out[index] = 1;
    }
    return Volume.of(grid, out);
  }

  /** Equal when grid, order and voxels are equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof BrainMask m
        && grid.equals(m.grid)
        && order == m.order
        && Arrays.equals(voxels, m.voxels);
  }

  @Override
  public int hashCode() {
    return 31 * grid.hashCode() + Arrays.hashCode(voxels);
  }

  @Override
  public String toString() {
    return "BrainMask[" + voxels.length + " voxels of " + grid + "]";
  }

  /**
   * Where the voxels are in the space of the scanner or template.
   *
   * @param columns of the mask
   * @return x, y and z of each in millimetres
   */
  public List<List<Double>> positionsMm(IntStream columns) {
    return columns
        .mapToObj(this::voxel)
        .map(at -> grid.affine().toWorld(at[0], at[1], at[2]))
        .map(mm -> List.of(mm[0], mm[1], mm[2]))
        .toList();
  }
}
