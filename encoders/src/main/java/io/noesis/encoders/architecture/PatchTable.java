package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Patches;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Where voxels go when they become tokens: found from their coordinates, the same every time. */
final class PatchTable {
  /** Places of a box; those of the published cubes are 2744. */
  private static final int LARGEST = 1 << 18;

  private final List<List<List<Double>>> positions;
  private final int axes;
  private final boolean differ;

  private PatchTable(List<List<List<Double>>> positions, boolean differ) {
    this.positions = positions;
    this.axes = positions.get(0).get(0).size();
    this.differ = differ;
  }

  /**
   * For the voxels of a network.
   *
   * @throws IllegalArgumentException when the places of somebody's are not known
   */
  static PatchTable of(NetworkSizes sizes, String architecture) {
    sizes.voxels(architecture);
    for (int s = 0; s < sizes.subjects().size(); s++) {
      String subject = sizes.subjects().get(s);
      Check.argument(
          sizes.positionsOf(s).size() == sizes.widths().get(s),
          "%s: expected the coordinates of %d voxels%s, found those of %d; use a study that says"
              + " where its voxels are, or an architecture that does not look at places",
          architecture,
          sizes.widths().get(s),
          subject.isEmpty() ? "" : " of subject '" + subject + "'",
          sizes.positionsOf(s).size());
    }
    boolean differ = sizes.positionsDiffer();
    return new PatchTable(
        IntStream.range(0, differ ? sizes.subjects().size() : 1)
            .mapToObj(sizes::positionsOf)
            .toList(),
        differ);
  }

  /** How many axes coordinates have. */
  int axes() {
    return axes;
  }

  /** Whether voxels lie elsewhere in one subject than in another. */
  boolean differ() {
    return differ;
  }

  /**
   * Boxes of one size, from the corner of the smallest coordinates of all subjects; boxes without
   * voxels of anybody are left out. A voxel's place in its box is where it lies in it, so that all
   * boxes, and all subjects, can share weights: their coordinates should be of one space. Grids of
   * subjects that lie a part of a voxel apart are taken for one.
   *
   * @param edge size of a box along each axis, millimetres; infinite for all of an axis
   * @return the boxes of each subject, or of all, in the order of their places, the last axis
   *     fastest
   */
  List<Patches> boxes(double... edge) {
    double[] low = new double[axes];
    double[] step = new double[axes];
    int[] places = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      int along = axis;
      List<double[]> sorted = positions.stream().map(own -> sorted(own, along)).toList();
      low[axis] = sorted.stream().mapToDouble(own -> own[0]).min().orElseThrow();
      double high = sorted.stream().mapToDouble(own -> own[own.length - 1]).max().orElseThrow();
      step[axis] = sorted.stream().mapToDouble(PatchTable::step).min().orElseThrow();
      if (Double.isInfinite(step[axis])) {
        step[axis] = 1;
      }
      double extent = Math.min(edge[axis], high - low[axis] + step[axis]);
      places[axis] = Math.max(1, (int) Math.round(extent / step[axis]));
    }
    double product = Arrays.stream(places).asDoubleStream().reduce(1, (a, b) -> a * b);
    Check.argument(
        product <= LARGEST,
        "cutting voxels into boxes: a box would have %.0f places, since the closest voxels are only"
            + " %s apart; expected voxels on a grid along the axes of their coordinates",
        product,
        Arrays.toString(step));
    SortedMap<List<Integer>, Integer[][]> boxes = new TreeMap<>(PatchTable::slowestFirst);
    for (int subject = 0; subject < positions.size(); subject++) {
      fill(boxes, subject, new Grid(low, step, places));
    }
    return IntStream.range(0, positions.size())
        .mapToObj(
            subject ->
                new Patches(
                    positions.get(subject).size(),
                    boxes.values().stream().map(box -> List.of(box[subject])).toList()))
        .toList();
  }

  private static int slowestFirst(List<Integer> one, List<Integer> other) {
    for (int axis = 0; axis < one.size(); axis++) {
      int order = Integer.compare(one.get(axis), other.get(axis));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** Corner, distance of voxels and places of a box along each axis. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Grid(double[] low, double[] step, int[] places) {
    int size() {
      return Arrays.stream(places).reduce(1, (a, b) -> a * b);
    }
  }

  private void fill(SortedMap<List<Integer>, Integer[][]> boxes, int subject, Grid grid) {
    List<List<Double>> own = positions.get(subject);
    double[] corner = new double[axes];
    for (int axis = 0; axis < axes; axis++) {
      corner[axis] = sorted(own, axis)[0];
    }
    for (int v = 0; v < own.size(); v++) {
      List<Integer> box = new ArrayList<>();
      int place = 0;
      for (int axis = 0; axis < axes; axis++) {
        // Counted from the subject's own corner, so that grids between each other stay whole.
        double step = grid.step()[axis];
        int at =
            (int) Math.round((corner[axis] - grid.low()[axis]) / step)
                + (int) Math.round((own.get(v).get(axis) - corner[axis]) / step);
        int many = grid.places()[axis];
        box.add(at / many);
        place = place * many + at % many;
      }
      Integer[] members = boxes.computeIfAbsent(box, b -> empty(grid.size()))[subject];
      Check.argument(
          members[place] == Patches.NONE,
          "cutting voxels into boxes: the voxels %d and %d have the same place %s; expected voxels"
              + " on a grid along the axes of their coordinates",
          members[place],
          v,
          own.get(v));
      members[place] = v;
    }
  }

  private Integer[][] empty(int size) {
    Integer[][] box = new Integer[positions.size()][size];
    for (Integer[] own : box) {
      Arrays.fill(own, Patches.NONE);
    }
    return box;
  }

  private static double[] sorted(List<List<Double>> own, int axis) {
    return own.stream().mapToDouble(at -> at.get(axis)).sorted().toArray();
  }

  /** The smallest distance of two planes of voxels; infinite for one plane. */
  private static double step(double[] sorted) {
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 1; i < sorted.length; i++) {
      double distance = sorted[i] - sorted[i - 1];
      smallest = distance > 1e-3 ? Math.min(smallest, distance) : smallest;
    }
    return smallest;
  }

  /**
   * Parcels of as good as equal size: all voxels of a subject are halved along their longest
   * extent, then the halves, and so on.
   *
   * @param count how many
   * @return the parcels of each subject, or of all
   */
  List<Patches> parcels(int count) {
    List<Patches> all = new ArrayList<>();
    for (List<List<Double>> own : positions) {
      Check.argument(
          count >= 1 && count <= own.size(),
          "parcels: expected 1 to as many as there are voxels (%d), found %d",
          own.size(),
          count);
      List<List<Integer>> parcels = new ArrayList<>();
      halve(own, IntStream.range(0, own.size()).boxed().toList(), count, parcels);
      all.add(new Patches(own.size(), parcels));
    }
    return all;
  }

  private void halve(
      List<List<Double>> own, List<Integer> members, int count, List<List<Integer>> parcels) {
    if (count == 1) {
      parcels.add(members);
      return;
    }
    int longest = 0;
    for (int axis = 1; axis < axes; axis++) {
      longest = extent(own, members, axis) > extent(own, members, longest) ? axis : longest;
    }
    int along = longest;
    List<Integer> sorted = new ArrayList<>(members);
    sorted.sort(
        Comparator.comparingDouble((Integer v) -> own.get(v).get(along))
            .thenComparing(Comparator.naturalOrder()));
    int left = count / 2;
    int cut = (int) ((long) sorted.size() * left / count);
    halve(own, sorted.subList(0, cut), left, parcels);
    halve(own, sorted.subList(cut, sorted.size()), count - left, parcels);
  }

  private static double extent(List<List<Double>> own, List<Integer> members, int axis) {
    var range = members.stream().mapToDouble(v -> own.get(v).get(axis)).summaryStatistics();
    return range.getMax() - range.getMin();
  }
}
