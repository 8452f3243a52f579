package io.noesis.reconstruction.caption;

import io.noesis.run.Check;

/**
 * How the words of captions are chosen.
 *
 * @param search the rule
 * @param maxTokens no caption is longer, nor longer than the model allows
 * @param seed of what is drawn at random, with one child per row; greedy and beam search draw
 *     nothing
 */
public record CaptionRequest(WordSearch search, int maxTokens, long seed) {
  /** Checks the number. */
  public CaptionRequest {
    Check.argument(maxTokens > 0, "maxTokens must be at least 1, found %d", maxTokens);
  }
}
