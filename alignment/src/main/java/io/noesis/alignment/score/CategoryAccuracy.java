package io.noesis.alignment.score;

import io.noesis.alignment.retrieve.RankTable;
import java.util.Optional;

/**
 * The share of decoded rows whose own category is the most similar one.
 *
 * @param weighting how categories of unequal size count
 */
record CategoryAccuracy(Weighting weighting) implements Metric {
  /** How categories of unequal size count. */
  enum Weighting {
    /** Every row counts the same. */
    BY_ROW("category_accuracy", "Share of rows whose own category is the most similar."),
    /** Every category that was shown counts the same: the mean of the recalls. */
    BY_CATEGORY(
        "category_balanced_accuracy",
        "Mean over the categories shown of the share that is recognised.");

    private final String prefix;

    private final String words;

    Weighting(String prefix, String words) {
      this.prefix = prefix;
      this.words = words;
    }

    String prefix() {
      return prefix;
    }

    String words() {
      return words;
    }
  }

  @Override
  public String name(DecodingTables tables) {
    return weighting.prefix + "@" + tables.decoding().pool().size();
  }

  @Override
  public Score.Direction direction() {
    return Score.Direction.HIGHER;
  }

  @Override
  public Optional<String> undefinedFor(DecodingTables tables) {
    return tables.decoding().setting().target() == Target.CATEGORY
        ? Optional.empty()
        : Optional.of("the pool does not hold one candidate per " + Target.CATEGORY);
  }

  @Override
  public Pairings pairings(DecodingTables tables) {
    RankTable ranks = tables.ranks();
    Units units = tables.units();
    return new Pairings(
        tables.rows(),
        (row, unit) -> ranks.at(row, units.truth(unit)) == 0 ? 1 : 0,
        weighting == Weighting.BY_ROW ? Statistic.MEAN : Statistic.MEAN_OVER_LABELS);
  }

  /**
   * By row: the expectation over all permutations, {@code sum_c shown(c) said(c) / n^2} when any
   * units exchange. It is 1/C for equally frequent categories, and more for a decoder that prefers
   * the frequent ones. By category: 1/C.
   */
  @Override
  public double chance(DecodingTables tables, Pairings pairings) {
    return weighting == Weighting.BY_ROW
        ? pairings.expectedMean()
        : 1.0 / tables.decoding().pool().size();
  }
}
