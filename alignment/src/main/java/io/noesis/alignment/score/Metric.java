package io.noesis.alignment.score;

import java.util.Optional;

/**
 * One way to judge a {@link Decoding}. A metric says what each pairing of a decoded row with a
 * truth is worth; the interval, the null and p follow from that in one place for all metrics.
 */
public interface Metric {
  /**
   * The name of its score, with the pool size where there is a pool.
   *
   * @param tables what was decoded
   * @return for example {@code image_from_brain.top1@100}
   */
  String name(DecodingTables tables);

  /** Which way is better. */
  Score.Direction direction();

  /**
   * Why the metric means nothing here, if so.
   *
   * @param tables what was decoded
   * @return the reason in words; empty when it is defined
   */
  Optional<String> undefinedFor(DecodingTables tables);

  /**
   * The value of every pairing.
   *
   * @param tables what was decoded
   * @return the pairings
   */
  Pairings pairings(DecodingTables tables);

  /**
   * What the metric is computed from, for the protocol: metrics that average rows first say so.
   *
   * @param tables what was decoded
   * @return the tables with the rows that really count
   */
  default DecodingTables computedFrom(DecodingTables tables) {
    return tables;
  }

  /**
   * The value expected without any signal, in closed form.
   *
   * @param tables what was decoded
   * @param pairings what {@link #pairings} gave
   * @return the chance level
   */
  double chance(DecodingTables tables, Pairings pairings);
}
