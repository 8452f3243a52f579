package io.noesis.ingest.simulate;

import com.google.errorprone.annotations.Immutable;
import java.util.Locale;

/**
 * A contiguous part of the simulated brain, by what its voxels respond to. Weights are shares of
 * signal variance per attribute of a picture.
 */
public enum Roi {
  /** At the back: colour, position, size. */
  EARLY(1, new Weights(0.12, 0.05, 0.28, 0.15, 0.18, 0.10, 0.12)),
  /** In the middle: a bit of everything. */
  INTERMEDIATE(2, new Weights(0.30, 0.15, 0.20, 0.10, 0.08, 0.07, 0.10)),
  /** At the front: what is shown. */
  VENTRAL(3, new Weights(0.46, 0.24, 0.09, 0.03, 0.03, 0.07, 0.08)),
  /** The rim: nothing. */
  SILENT(4, new Weights(0, 0, 0, 0, 0, 0, 0));

  private final int label;
  private final Weights weights;

  Roi(int label, Weights weights) {
    this.label = label;
    this.weights = weights;
  }

  @Immutable
  private record Weights(
      double category,
      double group,
      double colour,
      double size,
      double position,
      double count,
      double background) {}

  /**
   * The variance that an attribute of {@code SceneFeatures} adds to the signal, those of pictures
   * that stand still having 1 together. Motion adds so much to the right and so much down: in the
   * middle twice, elsewhere two fifths of what all others add.
   */
  double weight(String attribute) {
    return switch (attribute) {
      case "motion" -> this == INTERMEDIATE ? 1 : this == SILENT ? 0 : 0.2;
      case "category" -> weights.category();
      case "group" -> weights.group();
      case "colour" -> weights.colour();
      case "size" -> weights.size();
      case "position" -> weights.position();
      case "count" -> weights.count();
      case "background" -> weights.background();
      default ->
          throw new IllegalArgumentException("no weight for the attribute '" + attribute + "'");
    };
  }

  /** The number in label images. */
  public int label() {
    return label;
  }

  /** The name in tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
