package io.noesis.experiment;

import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.Volume;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The smallest grid along the axes of the coordinates that voxels lie on.
 *
 * @param grid its sizes and place
 * @param index of each voxel in it
 */
@SuppressWarnings("ArrayRecordComponent") // Package-private; made once, read only.
record VoxelGrid(Grid grid, int[] index) {
  private static final double NEAR = 1e-2;
  private static final int LARGEST = 1 << 24;

  /**
   * Finds it.
   *
   * @param positions three coordinates per voxel in millimetres
   * @return empty where positions are not known, or lie on no such grid (oblique recordings)
   */
  static Optional<VoxelGrid> of(List<List<Double>> positions) {
    if (positions.isEmpty() || positions.stream().anyMatch(at -> at.size() != 3)) {
      return Optional.empty();
    }
    double[] low = new double[3];
    double[] step = new double[3];
    int[] sizes = new int[3];
    long all = 1;
    for (int a = 0; a < 3; a++) {
      int axis = a;
      double[] sorted = positions.stream().mapToDouble(at -> at.get(axis)).sorted().toArray();
      low[a] = sorted[0];
      step[a] = step(sorted);
      sizes[a] = (int) Math.round((sorted[sorted.length - 1] - low[a]) / step[a]) + 1;
      all *= sizes[a];
    }
    if (all > LARGEST) {
      return Optional.empty();
    }
    Grid grid =
        new Grid(
            sizes[0],
            sizes[1],
            sizes[2],
            Affine.ofRows(step[0], 0, 0, low[0], 0, step[1], 0, low[1], 0, 0, step[2], low[2]));
    int[] index = new int[positions.size()];
    for (int v = 0; v < index.length; v++) {
      int[] at = new int[3];
      for (int a = 0; a < 3; a++) {
        double exact = (positions.get(v).get(a) - low[a]) / step[a];
        at[a] = (int) Math.round(exact);
        if (Math.abs(exact - at[a]) > NEAR) {
          return Optional.empty();
        }
      }
      index[v] = grid.index(at[0], at[1], at[2]);
    }
    return Optional.of(new VoxelGrid(grid, index));
  }

  /** The smallest distance of two planes; 1 where there is one plane only. */
  private static double step(double[] sorted) {
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 1; i < sorted.length; i++) {
      double distance = sorted[i] - sorted[i - 1];
      smallest = distance > NEAR ? Math.min(smallest, distance) : smallest;
    }
    return Double.isInfinite(smallest) ? 1 : smallest;
  }

  /** Values {@code [voxels]} at their places; 0 elsewhere. */
  Volume volume(Tensor values) {
    float[] out = new float[grid.voxels()];
    for (int v = 0; v < index.length; v++) {
      out[index[v]] = values.array()[v];
    }
    return Volume.of(grid, out);
  }
}
