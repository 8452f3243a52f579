package io.noesis.alignment.score;

import io.noesis.alignment.retrieve.RankTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Two-way identification against the other candidates of the truth's own category only: what is
 * left when the category is known. A decoder that knows nothing but the category scores {@code
 * 0.5/k + (1 - 1/k)} in plain two-way identification with k categories (Shirakawa et al. 2024,
 * doi:10.48550/arXiv.2405.10078) and 0.5 here. Rows whose category has one candidate do not count.
 * Its null exchanges truths within a category.
 */
record WithinCategoryTwoWay() implements Metric {
  @Override
  public String name(DecodingTables tables) {
    return "image_from_brain.two_way_within_category@" + tables.decoding().pool().size();
  }

  @Override
  public Score.Direction direction() {
    return Score.Direction.HIGHER;
  }

  @Override
  public Optional<String> undefinedFor(DecodingTables tables) {
    if (tables.decoding().setting().target() != Target.ITEM) {
      return Optional.of("the pool does not hold one candidate per " + Target.ITEM);
    }
    if (tables.decoding().poolCategories().stream().allMatch(String::isEmpty)) {
      return Optional.of("no categories are known");
    }
    return rows(tables, withMates(tables)).exchangeChangesTruths()
        ? Optional.empty()
        : Optional.of("no two units that may exchange truths show different things of a category");
  }

  @Override
  public Pairings pairings(DecodingTables tables) {
    Units units = tables.units();
    RankTable ranks = tables.ranksWithin();
    Map<String, Integer> sizes = sizes(tables);
    int[] kept = withMates(tables);
    return new Pairings(
        rows(tables, kept),
        (row, unit) -> {
          double others = sizes.getOrDefault(category(tables, kept[unit]), 0) - 1.0;
          return (others - ranks.at(row, units.truth(kept[unit]))) / others;
        },
        Statistic.MEAN);
  }

  @Override
  public double chance(DecodingTables tables, Pairings pairings) {
    return 0.5;
  }

  private static UnitRows rows(DecodingTables tables, int[] kept) {
    Units units = tables.units();
    int[][] members = new int[kept.length][];
    Arrays.setAll(members, i -> units.rows(kept[i]));
    return new UnitRows(
        members,
        Units.numbered(kept.length, i -> "" + units.truth(kept[i])),
        Units.numbered(
            kept.length, i -> category(tables, kept[i]) + "\n" + tables.exchangeGroup(kept[i])));
  }

  /** Units whose truth has another candidate of its category in the pool. */
  private static int[] withMates(DecodingTables tables) {
    Map<String, Integer> sizes = sizes(tables);
    return IntStream.range(0, tables.units().size())
        .filter(u -> sizes.getOrDefault(category(tables, u), 0) > 1)
        .toArray();
  }

  private static String category(DecodingTables tables, int unit) {
    return tables.decoding().poolCategories().get(tables.units().truth(unit));
  }

  private static Map<String, Integer> sizes(DecodingTables tables) {
    Map<String, Integer> sizes = new HashMap<>();
    for (String category : tables.decoding().poolCategories()) {
      if (!category.isEmpty()) {
        sizes.merge(category, 1, Integer::sum);
      }
    }
    return sizes;
  }
}
