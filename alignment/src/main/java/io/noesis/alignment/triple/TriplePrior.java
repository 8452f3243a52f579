package io.noesis.alignment.triple;

import java.util.List;

/**
 * What is known of triples before anything is decoded: semantic memory as a prior, learned from
 * triples that training stimuli show. Immutable.
 */
public interface TriplePrior {
  /**
   * The logarithm of each combination's share.
   *
   * @param concepts of each slot; slots with equal lists choose among the same things
   * @param seen triples of training stimuli, each the place of a concept for each slot; one for
   *     each stimulus
   * @return {@code [combinations]}, those of the last slot behind each other; shares sum to 1
   */
  double[] logShares(List<List<String>> concepts, List<int[]> seen);

  /** In words, with its settings. */
  String describe();
}
