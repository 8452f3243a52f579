package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.PinnedRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the objects of a scene go: one stands alone, two are a row or (at a side) a column, three
 * are a triangle; the boxes of neighbours never overlap and never leave the picture.
 */
final class SceneLayout {
  private static final double MARGIN = 0.03;
  private static final double NEAREST = 0.23;
  private static final double EYE_LEVEL = 0.55;
  private static final double SPACING = 1.06;

  /**
   * The square box of one object, as fractions of the picture.
   *
   * @param cx centre from the left
   * @param cy centre from the top
   * @param side length of the box
   * @param degrees turn, clockwise
   */
  record Place(double cx, double cy, double side, double degrees) {}

  private SceneLayout() {}

  static List<Place> of(Scene scene) {
    double side = side(scene.count(), scene.size());
    double step = side * SPACING;
    double[][] offsets = offsets(scene);
    double halfWidth = side / 2;
    double halfHeight = side / 2;
    for (double[] offset : offsets) {
      halfWidth = Math.max(halfWidth, Math.abs(offset[0]) * step + side / 2);
      halfHeight = Math.max(halfHeight, Math.abs(offset[1]) * step + side / 2);
    }
    PinnedRandom random = scene.seed().child("layout").random();
    double cx = within(anchorX(scene.position()) + jitter(random, 0.015), halfWidth);
    double cy = within(anchorY(scene.position()) + jitter(random, 0.015), halfHeight);
    List<Place> places = new ArrayList<>();
    for (double[] offset : offsets) {
      places.add(
          new Place(
              cx + offset[0] * step,
              cy + offset[1] * step,
              side * (0.97 + jitter(random, 0.03)),
              jitter(random, 4)));
    }
    return places;
  }

  /** The side of each object's box: what fits, so that the sizes of a count never overlap. */
  private static double side(SceneCount count, SceneSize size) {
    return switch (count) {
      case ONE -> choose(size, 0.26, 0.42, 0.62);
      case TWO -> choose(size, 0.21, 0.31, 0.42);
      case THREE -> choose(size, 0.18, 0.25, 0.32);
    };
  }

  private static double choose(SceneSize size, double small, double medium, double large) {
    return switch (size) {
      case SMALL -> small;
      case MEDIUM -> medium;
      case LARGE -> large;
    };
  }

  private static double[][] offsets(Scene scene) {
    boolean atSide =
        scene.position() == ScenePosition.LEFT || scene.position() == ScenePosition.RIGHT;
    return switch (scene.count()) {
      case ONE -> new double[][] {{0, 0}};
      case TWO ->
          atSide
              ? new double[][] {{-0.06, -0.5}, {0.06, 0.5}}
              : new double[][] {{-0.5, -0.06}, {0.5, 0.06}};
      case THREE -> new double[][] {{0, -0.5}, {-0.5, 0.5}, {0.5, 0.5}};
    };
  }

  private static double anchorX(ScenePosition position) {
    return switch (position) {
      case LEFT -> NEAREST;
      case RIGHT -> 1 - NEAREST;
      case TOP, BOTTOM, CENTRE -> 0.5;
    };
  }

  private static double anchorY(ScenePosition position) {
    return switch (position) {
      case TOP -> NEAREST - 0.03;
      case BOTTOM -> 1 - NEAREST + 0.03;
      case LEFT, RIGHT, CENTRE -> EYE_LEVEL;
    };
  }

  /** The anchor, moved as little as keeps the whole group inside the picture. */
  private static double within(double anchor, double half) {
    double low = half + MARGIN;
    double high = 1 - half - MARGIN;
    return low > high ? 0.5 : Math.min(Math.max(anchor, low), high);
  }

  private static double jitter(PinnedRandom random, double most) {
    return (2 * random.nextDouble() - 1) * most;
  }
}
