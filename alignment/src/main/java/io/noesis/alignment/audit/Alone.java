package io.noesis.alignment.audit;

import io.noesis.alignment.score.Score;
import io.noesis.run.Check;
import java.util.List;

/**
 * What test trials are decoded to when each is decoded by itself.
 *
 * @param trials how many were compared
 * @param difference the largest between what a number is alone and among the others, relative to
 *     the largest number decoded
 * @param scores of all test trials, each alone, where that makes a difference; empty where not
 */
public record Alone(int trials, double difference, List<Score> scores) {
  /** Up to which difference both are the same. */
  public static final double TOLERANCE = 1e-4;

  /** Copies the scores. */
  public Alone {
    Check.argument(trials > 0, "trials: at least one must be decoded alone, found %d", trials);
    scores = List.copyOf(scores);
  }

  /** Whether a difference is one of rounding; what is no number is none. */
  public static boolean same(double difference) {
    return difference <= TOLERANCE;
  }
}
