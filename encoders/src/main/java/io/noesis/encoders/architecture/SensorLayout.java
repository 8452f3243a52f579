package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Positions of sensors on the unit square. Three coordinates are flattened as a map of the head
 * from above: azimuthal equidistant around the z axis, from the origin. Each axis is then stretched
 * to [0, 1]. A sensor with a coordinate that is no number has no known place and lies at −0.1.
 */
final class SensorLayout {
  private static final float UNKNOWN = -0.1f;

  private SensorLayout() {}

  /**
   * The places of a network's sensors.
   *
   * @param sizes of the network
   * @param sensors how many the subject with most has
   * @return {@code [sensors, 2]}, or {@code [subjects, sensors, 2]} where they differ; sensors that
   *     a subject does not have lie nowhere
   */
  static Tensor of(NetworkSizes sizes, int sensors) {
    if (!sizes.positionsDiffer()) {
      return square(sizes.positions());
    }
    int subjects = sizes.subjects().size();
    Tensor all = Tensor.zeros(subjects, sensors, 2).map(zero -> UNKNOWN);
    for (int s = 0; s < subjects; s++) {
      float[] own = square(sizes.positionsOf(s)).array();
      System.arraycopy(own, 0, all.array(), s * sensors * 2, own.length);
    }
    return all;
  }

  /**
   * @param positions two or three coordinates each
   * @return {@code [sensors, 2]}
   */
  static Tensor square(List<List<Double>> positions) {
    int count = positions.size();
    double[][] flat = new double[count][];
    for (int i = 0; i < count; i++) {
      flat[i] = flat(positions.get(i));
    }
    float[] out = new float[2 * count];
    for (int axis = 0; axis < 2; axis++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double[] place : flat) {
        if (Double.isFinite(place[0] + place[1])) {
          low = Math.min(low, place[axis]);
          high = Math.max(high, place[axis]);
        }
      }
      Check.argument(low <= high, "placing sensors: expected a place of at least one of them");
      for (int i = 0; i < count; i++) {
        double at = high > low ? (flat[i][axis] - low) / (high - low) : 0.5;
        out[2 * i + axis] = Double.isFinite(flat[i][0] + flat[i][1]) ? (float) at : UNKNOWN;
      }
    }
    return Tensor.wrap(out, count, 2);
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
