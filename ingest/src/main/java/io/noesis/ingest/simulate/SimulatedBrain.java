package io.noesis.ingest.simulate;

import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a simulated subject's voxels lie: an ellipsoid of exactly so many voxels of 3 mm around the
 * back of a brain, its rim silent, its inside cut from back to front into ROIs.
 *
 * @param mask the ellipsoid; its columns are the voxels everywhere in this package
 * @param rois one per column
 */
public record SimulatedBrain(BrainMask mask, List<Roi> rois) {
  private static final double[] HALF_AXES = {1.15, 1.25, 0.75};
  private static final double EARLY_SHARE = 0.36;
  private static final double INTERMEDIATE_SHARE = 0.22;
  private static final double ZOOM_MM = 3;
  private static final int MARGIN = 2;

  public SimulatedBrain {
    rois = List.copyOf(rois);
  }

  /**
   * @param voxels how many
   * @param silentShare the share of voxels without signal
   */
  static SimulatedBrain of(int voxels, double silentShare) {
    double radius =
        Math.cbrt(3.0 * voxels / (4 * Math.PI * HALF_AXES[0] * HALF_AXES[1] * HALF_AXES[2]));
    int[] size = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      size[axis] = 2 * ((int) Math.ceil(radius * HALF_AXES[axis]) + MARGIN) + 1;
    }
    // x runs to the left, as scanners usually store it.
    Affine affine =
        Affine.ofRows(
            -ZOOM_MM,
            0,
            0,
            ZOOM_MM * (size[0] - 1) / 2,
            0,
            ZOOM_MM,
            0,
            -66 - ZOOM_MM * (size[1] - 1) / 2,
            0,
            0,
            ZOOM_MM,
            2 - ZOOM_MM * (size[2] - 1) / 2);
    Grid grid = new Grid(size[0], size[1], size[2], affine);
    double[] distance = new double[grid.voxels()];
    for (int v = 0; v < distance.length; v++) {
      distance[v] = distance(grid, v);
    }
    int[] nearest = sorted(IntStream.range(0, distance.length), v -> distance[v]);
    boolean[] inside = new boolean[distance.length];
    for (int k = 0; k < voxels; k++) {
      inside[nearest[k]] = true;
    }
    BrainMask mask = BrainMask.of(grid, inside);
    return new SimulatedBrain(mask, rois(mask, distance, silentShare));
  }

  private interface Key {
    double of(int index);
  }

  /** Ascending by key, ties by index. */
  private static int[] sorted(IntStream indices, Key key) {
    return indices
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(key::of).thenComparing(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }

  private static double distance(Grid grid, int v) {
    int[] half = {grid.nx() / 2, grid.ny() / 2, grid.nz() / 2};
    int[] at = {v % grid.nx(), v / grid.nx() % grid.ny(), v / grid.nx() / grid.ny()};
    double sum = 0;
    for (int axis = 0; axis < 3; axis++) {
      double step = (at[axis] - half[axis]) / HALF_AXES[axis];
      sum += step * step;
    }
    return sum;
  }

  private static List<Roi> rois(BrainMask mask, double[] distance, double silentShare) {
    int[] indices = mask.indices();
    int n = indices.length;
    Roi[] rois = new Roi[n];
    int silent = (int) Math.round(silentShare * n);
    int[] outwards = sorted(IntStream.range(0, n), c -> distance[indices[c]]);
    Arrays.fill(rois, Roi.VENTRAL);
    for (int k = n - silent; k < n; k++) {
      rois[outwards[k]] = Roi.SILENT;
    }
    int[] forwards =
        sorted(IntStream.range(0, n).filter(c -> rois[c] != Roi.SILENT), c -> mask.voxel(c)[1]);
    for (int k = 0; k < forwards.length; k++) {
      if (k < EARLY_SHARE * forwards.length) {
        rois[forwards[k]] = Roi.EARLY;
      } else if (k < (EARLY_SHARE + INTERMEDIATE_SHARE) * forwards.length) {
        rois[forwards[k]] = Roi.INTERMEDIATE;
      }
    }
    return List.of(rois);
  }
}
