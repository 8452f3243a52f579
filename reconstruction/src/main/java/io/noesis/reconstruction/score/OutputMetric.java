package io.noesis.reconstruction.score;

import io.noesis.alignment.score.Score;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * One way to judge what was made for each stimulus against what was shown.
 *
 * @param direction which way is better
 * @param undefined why it means nothing for what was made and shown; empty when it is defined
 * @param statistic the score of any pairing
 * @param <T> {@link PictureSet} or {@link CaptionSet}
 */
public record OutputMetric<T>(
    Score.Direction direction,
    BiFunction<T, T, Optional<String>> undefined,
    BiFunction<T, T, PairStatistic> statistic) {
  /** One that is always defined and better when it is higher. */
  static <T> OutputMetric<T> higher(BiFunction<T, T, PairStatistic> statistic) {
    return new OutputMetric<>(Score.Direction.HIGHER, (made, shown) -> Optional.empty(), statistic);
  }

  /** One that is always defined and better when it is lower. */
  static <T> OutputMetric<T> lower(BiFunction<T, T, PairStatistic> statistic) {
    return new OutputMetric<>(Score.Direction.LOWER, (made, shown) -> Optional.empty(), statistic);
  }
}
