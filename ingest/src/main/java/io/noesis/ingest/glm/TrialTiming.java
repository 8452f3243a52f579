package io.noesis.ingest.glm;

import io.noesis.run.DataException;

/**
 * When one trial was on.
 *
 * @param id the trial's name in messages and as a column of the design; unique within its run
 * @param onsetSeconds start, on the clock of the run
 * @param durationSeconds how long; 0 is an impulse of one grid step
 */
public record TrialTiming(String id, double onsetSeconds, double durationSeconds) {

  public TrialTiming {
    if (!Double.isFinite(onsetSeconds)
        || !Double.isFinite(durationSeconds)
        || durationSeconds < 0) {
      throw new DataException(
          "timing trial '"
              + id
              + "': onset "
              + onsetSeconds
              + " s and duration "
              + durationSeconds
              + " s, expected two numbers and a duration of at least 0. Check its row in the events file.");
    }
  }
}
