package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Patches;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Where voxels go when they become tokens: found from their coordinates, the same every time. */
final class PatchTable {
  /** Places of a box; those of the published cubes are 2744. */
  private static final int LARGEST = 1 << 18;

  private final int voxels;
  private final List<List<Double>> positions;
  private final int axes;

  private PatchTable(int voxels, List<List<Double>> positions) {
    this.voxels = voxels;
    this.positions = positions;
    this.axes = positions.get(0).size();
  }

  /**
   * For the voxels of a network.
   *
   * @throws IllegalArgumentException when their places are not known, or differ between subjects
   */
  static PatchTable of(NetworkSizes sizes, String architecture) {
    int voxels = sizes.voxels(architecture);
    Check.argument(
        sizes.positions().size() == voxels,
        "%s: expected the coordinates of %d voxels, found those of %d; use a study that says where"
            + " its voxels are, or an architecture that does not look at places",
        architecture,
        voxels,
        sizes.positions().size());
    Check.argument(
        sizes.widths().stream().allMatch(width -> width == voxels),
        "%s: expected the same voxels in all subjects, found %s voxels; bring the subjects into one"
            + " space, or train one at a time",
        architecture,
        sizes.widths());
    return new PatchTable(voxels, sizes.positions());
  }

  /**
   * Boxes of one size, from the corner of the smallest coordinates; boxes without voxels are left
   * out. A voxel's place in its box is where it lies in it, so that all boxes can share weights.
   *
   * @param edge size of a box along each axis, millimetres; infinite for all of an axis
   */
  Patches boxes(double... edge) {
    double[] low = new double[axes];
    double[] step = new double[axes];
    int[] places = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      double[] sorted = sorted(axis);
      low[axis] = sorted[0];
      step[axis] = step(sorted);
      double extent = Math.min(edge[axis], sorted[sorted.length - 1] - sorted[0] + step[axis]);
      places[axis] = Math.max(1, (int) Math.round(extent / step[axis]));
    }
    double product = Arrays.stream(places).asDoubleStream().reduce(1, (a, b) -> a * b);
    Check.argument(
        product <= LARGEST,
        "cutting voxels into boxes: a box would have %.0f places, since the closest voxels are only"
            + " %s apart; expected voxels on a grid along the axes of their coordinates",
        product,
        Arrays.toString(step));
    int size = (int) product;
    SortedMap<List<Integer>, Integer[]> boxes =
        new TreeMap<>(Comparator.comparing((List<Integer> box) -> box.toString()));
    for (int v = 0; v < voxels; v++) {
      List<Integer> box = new ArrayList<>();
      int place = 0;
      for (int axis = 0; axis < axes; axis++) {
        int at = (int) Math.round((positions.get(v).get(axis) - low[axis]) / step[axis]);
        box.add(at / places[axis]);
        place = place * places[axis] + at % places[axis];
      }
      Integer[] members =
          boxes.computeIfAbsent(
              box, b -> Collections.nCopies(size, Patches.NONE).toArray(Integer[]::new));
      Check.argument(
          members[place] == Patches.NONE,
          "cutting voxels into boxes: the voxels %d and %d have the same place %s; expected voxels"
              + " on a grid along the axes of their coordinates",
          members[place],
          v,
          positions.get(v));
      members[place] = v;
    }
    return new Patches(voxels, boxes.values().stream().map(List::of).toList());
  }

  private double[] sorted(int axis) {
    return positions.stream().mapToDouble(at -> at.get(axis)).sorted().toArray();
  }

  /** The smallest distance of two planes of voxels. */
  private static double step(double[] sorted) {
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 1; i < sorted.length; i++) {
      double distance = sorted[i] - sorted[i - 1];
      smallest = distance > 1e-3 ? Math.min(smallest, distance) : smallest;
    }
    return Double.isInfinite(smallest) ? 1 : smallest;
  }

  /**
   * Parcels of as good as equal size: all voxels are halved along their longest extent, then the
   * halves, and so on.
   *
   * @param count how many
   */
  Patches parcels(int count) {
    Check.argument(
        count >= 1 && count <= voxels,
        "parcels: expected 1 to as many as there are voxels (%d), found %d",
        voxels,
        count);
    List<List<Integer>> parcels = new ArrayList<>();
    halve(IntStream.range(0, voxels).boxed().toList(), count, parcels);
    return new Patches(voxels, parcels);
  }

  private void halve(List<Integer> members, int count, List<List<Integer>> parcels) {
    if (count == 1) {
      parcels.add(members);
      return;
    }
    int longest = 0;
    for (int axis = 1; axis < axes; axis++) {
      longest = extent(members, axis) > extent(members, longest) ? axis : longest;
    }
    int along = longest;
    List<Integer> sorted = new ArrayList<>(members);
    sorted.sort(
        Comparator.comparingDouble((Integer v) -> positions.get(v).get(along))
            .thenComparing(Comparator.naturalOrder()));
    int left = count / 2;
    int cut = (int) ((long) sorted.size() * left / count);
    halve(sorted.subList(0, cut), left, parcels);
    halve(sorted.subList(cut, sorted.size()), count - left, parcels);
  }

  private double extent(List<Integer> members, int axis) {
    var range = members.stream().mapToDouble(v -> positions.get(v).get(axis)).summaryStatistics();
    return range.getMax() - range.getMin();
  }
}
