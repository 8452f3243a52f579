package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.RecipeException;

/**
 * The settings of a sampler; immutable. Its {@link Schedule} for a number of steps holds every
 * coefficient, so that a scheduler may be shared by all pictures and threads.
 */
public interface Scheduler {
  /**
   * Lays out the steps from pure noise, or from the middle for a picture to start from.
   *
   * @param steps how many steps a whole run has, at least 1
   * @param strength above 0, up to 1: the last part of the steps that is run; 1 starts from noise
   * @return the schedule
   * @throws RecipeException when these steps cannot be laid out with these settings
   */
  Schedule schedule(int steps, double strength);

  /**
   * Lays out the steps from pure noise.
   *
   * @param steps how many, at least 1
   * @return the schedule
   * @throws RecipeException when these steps cannot be laid out with these settings
   */
  default Schedule schedule(int steps) {
    return schedule(steps, 1);
  }

  /** Whether it wants a predicted variance as a second half of the output's channels. */
  default boolean learnsVariance() {
    return false;
  }
}
