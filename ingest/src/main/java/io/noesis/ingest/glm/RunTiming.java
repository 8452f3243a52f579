package io.noesis.ingest.glm;

import io.noesis.run.DataException;

/**
 * When the volumes of a run were acquired.
 *
 * @param volumes how many; at least 2
 * @param trSeconds time between two volumes
 * @param startSeconds when the first volume was sampled, relative to the clock of the events: BIDS
 *     {@code StartTime}, or slice-time reference times TR after slice-time correction; mostly 0
 */
public record RunTiming(int volumes, double trSeconds, double startSeconds) {

  public RunTiming {
    if (volumes < 2) {
      throw new DataException(
          "timing a run: it has "
              + volumes
              + " volumes, a GLM needs at least 2. Check that the image is 4-D.");
    }
    if (!(trSeconds > 0) || Double.isInfinite(trSeconds)) {
      throw new DataException(
          "timing a run: the repetition time is "
              + trSeconds
              + " s, expected a positive number. Check RepetitionTime of the sidecar or the image header.");
    }
    if (!Double.isFinite(startSeconds)) {
      throw new DataException(
          "timing a run: the start time is "
              + startSeconds
              + " s, expected a number. Check StartTime of the sidecar.");
    }
  }

  /**
   * A run whose first volume was sampled at 0.
   *
   * @param volumes how many
   * @param trSeconds time between two volumes
   * @return the timing
   */
  public static RunTiming of(int volumes, double trSeconds) {
    return new RunTiming(volumes, trSeconds, 0);
  }

  /** When each volume was sampled, in seconds; a new array. */
  public double[] frameTimes() {
    return Grid.evenly(startSeconds, startSeconds + (volumes - 1) * trSeconds, volumes);
  }

  /** When the last volume ends, in seconds. */
  public double endSeconds() {
    return startSeconds + volumes * trSeconds;
  }
}
