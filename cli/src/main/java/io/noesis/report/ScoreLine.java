package io.noesis.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.noesis.run.Check;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One score with what is needed to judge it.
 *
 * @param metric stable name with the pool size in it
 * @param label the name in words
 * @param headline whether it belongs into the short table
 * @param value the number
 * @param low lower end of the 95 % interval
 * @param high upper end of the 95 % interval
 * @param chance expected without signal
 * @param nullLow lower end of the 95 % permutation band
 * @param nullHigh upper end of that band
 * @param p permutation p
 * @param n how many units
 * @param unit what was resampled
 * @param direction {@code HIGHER} or {@code LOWER} is better
 * @param ceiling the best that noise allows, where known
 * @param protocol what two labs must share to compare
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScoreLine(
    String metric,
    String label,
    boolean headline,
    double value,
    double low,
    double high,
    double chance,
    double nullLow,
    double nullHigh,
    double p,
    int n,
    String unit,
    String direction,
    @Nullable Double ceiling,
    String protocol) {
  /** The level below which a permutation p counts. */
  static final double LEVEL = 0.05;

  private static final Set<String> DIRECTIONS = Set.of("HIGHER", "LOWER");

  /** Refuses an unknown direction. */
  public ScoreLine {
    Check.argument(
        DIRECTIONS.contains(direction),
        "the direction of score %s is one of %s, not '%s'",
        metric,
        DIRECTIONS,
        direction);
  }

  /**
   * Where the value stands against its own null: better when it lies outside the band on the better
   * side and p is below 0.05. Means over subjects have no band; they are better when they lie on
   * the better side of chance and p, then that of a one-sided test against chance, is below 0.05,
   * and worse when it is above 0.95.
   *
   * @return {@link Standing#NOT_JUDGED} when value or p is missing, or band and chance are
   */
  public Standing standing() {
    boolean band = !Double.isNaN(nullLow + nullHigh);
    if (Double.isNaN(value + p) || (!band && Double.isNaN(chance))) {
      return Standing.NOT_JUDGED;
    }
    boolean higher = "HIGHER".equals(direction);
    double low = band ? nullLow : chance;
    double high = band ? nullHigh : chance;
    if (higher ? value > high : value < low) {
      return p < LEVEL ? Standing.BETTER : Standing.AT_CHANCE;
    }
    boolean beyond = higher ? value < low : value > high;
    return beyond && (band || p > 1 - LEVEL) ? Standing.WORSE : Standing.AT_CHANCE;
  }

  /** Where a score stands against its null. */
  public enum Standing {
    /** Outside the null band (of means over subjects: chance) on the better side, p below 0.05. */
    BETTER("better than chance"),
    /** Inside the null band, or not certain enough. */
    AT_CHANCE("at chance"),
    /** Outside the null band on the worse side: suspicious. */
    WORSE("worse than chance"),
    /** There is no null to compare with. */
    NOT_JUDGED("no null to compare");

    private final String words;

    Standing(String words) {
      this.words = words;
    }

    /** The standing in words. */
    public String words() {
      return words;
    }
  }
}
