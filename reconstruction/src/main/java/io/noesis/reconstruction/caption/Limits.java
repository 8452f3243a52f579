package io.noesis.reconstruction.caption;

import java.util.Set;

/**
 * When a sentence is over.
 *
 * @param stop words that end it
 * @param maxTokens no sentence is longer
 */
record Limits(Set<Long> stop, int maxTokens) {
  Limits {
    stop = Set.copyOf(stop);
  }

  boolean over(long last, int length) {
    return stop.contains(last) || length >= maxTokens;
  }
}
