package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Positions of sensors on the unit square or in the unit cube. On the square three coordinates are
 * flattened as a map of the head from above: azimuthal equidistant around the z axis, from the
 * origin. Each axis is then stretched to [0, 1]. A sensor with a coordinate that is no number has
 * no known place and lies at −0.1.
 */
final class SensorLayout {
  private static final float UNKNOWN = -0.1f;

  private SensorLayout() {}

  /**
   * The places of a network's sensors.
   *
   * @param sizes of the network
   * @param sensors how many the subject with most has
   * @param axes 2 for the square, 3 for the cube
   * @return {@code [sensors, axes]}, or {@code [subjects, sensors, axes]} where they differ;
   *     sensors that a subject does not have lie nowhere
   */
  static Tensor of(NetworkSizes sizes, int sensors, int axes) {
    if (!sizes.positionsDiffer()) {
      return stretched(sizes.positions(), axes);
    }
    int subjects = sizes.subjects().size();
    Tensor all = Tensor.zeros(subjects, sensors, axes).map(zero -> UNKNOWN);
    for (int s = 0; s < subjects; s++) {
      float[] own = stretched(sizes.positionsOf(s), axes).array();
      System.arraycopy(own, 0, all.array(), s * sensors * axes, own.length);
    }
    return all;
  }

  /**
   * @param positions two or three coordinates each
   * @return {@code [sensors, 2]}
   */
  static Tensor square(List<List<Double>> positions) {
    return stretched(positions, 2);
  }

  private static Tensor stretched(List<List<Double>> positions, int axes) {
    int count = positions.size();
    double[][] places = new double[count][];
    for (int i = 0; i < count; i++) {
      places[i] = axes == 2 ? flat(positions.get(i)) : solid(positions.get(i));
    }
    float[] out = new float[axes * count];
    for (int axis = 0; axis < axes; axis++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double[] place : places) {
        if (known(place)) {
          low = Math.min(low, place[axis]);
          high = Math.max(high, place[axis]);
        }
      }
      Check.argument(low <= high, "placing sensors: expected a place of at least one of them");
      for (int i = 0; i < count; i++) {
        double at = high > low ? (places[i][axis] - low) / (high - low) : 0.5;
        out[axes * i + axis] = known(places[i]) ? (float) at : UNKNOWN;
      }
    }
    return Tensor.wrap(out, count, axes);
  }

  private static boolean known(double[] place) {
    return Double.isFinite(Arrays.stream(place).sum());
  }

  private static double[] solid(List<Double> place) {
    Check.argument(
        place.size() == 3,
        "placing a sensor in space: expected three coordinates, found %s; give the study's"
            + " sensors.tsv a column z, or place sensors on the map",
        place);
    return place.stream().mapToDouble(x -> x).toArray();
  }

  private static double[] flat(List<Double> place) {
    Check.argument(
        place.size() == 2 || place.size() == 3,
        "placing a sensor: expected two or three coordinates, found %s",
        place);
    if (place.size() == 2) {
      return new double[] {place.get(0), place.get(1)};
    }
    double across = Math.hypot(place.get(0), place.get(1));
    double angle = Math.atan2(across, place.get(2));
    double scale = across == 0 ? 0 : angle / across;
    return new double[] {scale * place.get(0), scale * place.get(1)};
  }
}
