package io.noesis.reconstruction.score;

import java.util.OptionalDouble;

/**
 * A score as a function of which made thing is held against which shown one. Thread-safe.
 *
 * <p>The null of every score follows from it: what was made from the responses to one stimulus is
 * held against another stimulus, which is what a model makes of a shuffled brain.
 */
public interface PairStatistic {
  /** How many stimuli. */
  int units();

  /**
   * The score of some pairs.
   *
   * @param made for each pair the stimulus whose responses it was made from
   * @param shown for each pair the stimulus that it is held against
   * @return the score
   */
  double of(int[] made, int[] shown);

  /** What is expected of shuffled brains in closed form; empty where only draws tell. */
  default OptionalDouble chance() {
    return OptionalDouble.empty();
  }
}
