package io.noesis.report;

import java.util.List;

/**
 * What was decoded of test responses without one region after another, by decoders of all of them.
 *
 * @param subjects one per subject with a result
 */
public record AblationPanel(List<AblatedSubject> subjects) {
  /**
   * One subject.
   *
   * @param subject label without {@code sub-}
   * @param regions by headline scores, and of each in the order of the atlas
   */
  public record AblatedSubject(String subject, List<RegionLine> regions) {}

  /**
   * One region by one score.
   *
   * @param name in the atlas
   * @param columns how many voxels, parcels or channels were zero
   * @param of how many there are
   * @param metric stable name of the score with the pool size in it
   * @param label the name in words
   * @param direction {@code HIGHER} or {@code LOWER} scores are better
   * @param whole the score with all of them
   * @param without the score without the region
   * @param difference the first minus the second
   * @param low lower end of its 95 % interval
   * @param high upper end of that interval
   * @param p two-sided, of exchanging which of the two decoded a unit, corrected for the number of
   *     regions (Holm)
   * @param n how many units
   * @param unit what was exchanged and resampled
   */
  public record RegionLine(
      String name,
      int columns,
      int of,
      String metric,
      String label,
      String direction,
      double whole,
      double without,
      double difference,
      double low,
      double high,
      double p,
      int n,
      String unit) {
    /** The score with what it needs to be read the right way. */
    String score() {
      return "LOWER".equals(direction) ? label + " (lower is better)" : label;
    }
  }
}
