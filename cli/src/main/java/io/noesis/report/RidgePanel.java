package io.noesis.report;

import io.noesis.report.Report.Line;
import java.util.List;

/**
 * Ridge beside another decoder: fitted on the same training trials, prepared alike, and applied to
 * the same test trials.
 *
 * @param group scores of ridge over all subjects; empty where the decoder has none
 * @param subjects one per subject with a result
 */
public record RidgePanel(List<ScoreLine> group, List<RidgeSubject> subjects) {
  /**
   * One subject's decoder against ridge.
   *
   * @param subject label without {@code sub-}
   * @param standing what it comes to
   * @param verdict the same in a sentence
   * @param facts what was chosen while ridge was fitted
   * @param scores all scores of ridge
   * @param contrasts the decoder's headline scores minus those of ridge
   */
  public record RidgeSubject(
      String subject,
      Beside standing,
      String verdict,
      List<Line> facts,
      List<ScoreLine> scores,
      List<ContrastLine> contrasts) {}

  /**
   * The decoder's score minus that of ridge, of the same rows.
   *
   * @param metric stable name with the pool size in it
   * @param label the name in words
   * @param value the difference
   * @param low lower end of its 95 % interval
   * @param high upper end of that interval
   * @param p two-sided p of exchanging which of the two decoded a unit
   * @param n how many units
   * @param unit what was exchanged and resampled
   * @param direction {@code HIGHER} or {@code LOWER} scores are better
   * @param protocol how it was drawn
   */
  public record ContrastLine(
      String metric,
      String label,
      double value,
      double low,
      double high,
      double p,
      int n,
      String unit,
      String direction,
      String protocol) {
    /** Where the decoder stands against ridge by this score alone. */
    public Beside standing() {
      if (!(p < ScoreLine.LEVEL) || value == 0) {
        return Beside.EVEN;
      }
      return value > 0 == "HIGHER".equals(direction) ? Beside.BETTER : Beside.BELOW;
    }
  }

  /** Where a decoder stands against ridge. */
  public enum Beside {
    /** Better, with p below 0.05. */
    BETTER("better than ridge"),
    /** No difference that is certain enough. */
    EVEN("no difference seen"),
    /** Worse, with p below 0.05. */
    BELOW("below ridge"),
    /** Ridge could not be fitted. */
    MISSING("ridge was not fitted");

    private final String words;

    Beside(String words) {
      this.words = words;
    }

    /** The standing in words. */
    public String words() {
      return words;
    }
  }
}
