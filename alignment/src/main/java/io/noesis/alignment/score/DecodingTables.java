package io.noesis.alignment.score;

import io.noesis.alignment.retrieve.RankTable;
import io.noesis.alignment.retrieve.SimilarityTable;
import io.noesis.run.DataException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A decoding with the tables that several metrics share, each computed when first asked for: ranks
 * {@code [rows, pool]} at 4 bytes, within-category ranks, and similarities at 8 bytes. Not
 * thread-safe.
 */
public final class DecodingTables {
  private final Decoding decoding;
  private final Exchange exchange;
  private final Units units;
  private @Nullable RankTable ranks;
  private @Nullable RankTable ranksWithin;
  private @Nullable RankTable brainRanks;
  private @Nullable DecodingTables averaged;

  private DecodingTables(Decoding decoding, Exchange exchange) {
    this.decoding = decoding;
    this.exchange = exchange;
    this.units = new Units(decoding);
  }

  /**
   * The tables of a decoding; nothing is computed yet.
   *
   * @param decoding what was decoded
   * @param exchange between which units truths may be exchanged
   * @return the tables
   */
  public static DecodingTables of(Decoding decoding, Exchange exchange) {
    return new DecodingTables(decoding, exchange);
  }

  /** What was decoded. */
  public Decoding decoding() {
    return decoding;
  }

  Units units() {
    return units;
  }

  /** The tables of the decoding with one averaged row per unit. */
  DecodingTables averaged() {
    if (averaged == null) {
      boolean single = units.size() == decoding.rows().size();
      averaged = single ? this : new DecodingTables(decoding.averaged(), exchange);
    }
    return averaged;
  }

  /** The rank of every candidate for every decoded row. */
  RankTable ranks() {
    if (ranks == null) {
      ranks = Comparison.of(decoding).ranks();
    }
    return ranks;
  }

  /** The rank of every candidate for every decoded row among those of its own category. */
  RankTable ranksWithin() {
    if (ranksWithin == null) {
      ranksWithin = Comparison.of(decoding).ranksWithin(decoding.poolCategories());
    }
    return ranksWithin;
  }

  /** The other direction: for the truth of every unit, the rank of every decoded row. */
  RankTable brainRanks() {
    if (brainRanks == null) {
      brainRanks = truthSimilarities(Comparison.of(decoding).preparation()).transpose().ranks();
    }
    return brainRanks;
  }

  /** The similarity of every decoded row with the truth of every unit, {@code [rows, units]}. */
  SimilarityTable truthSimilarities(Comparison.Preparation preparation) {
    int[] truths = new int[units.size()];
    Arrays.setAll(truths, units::truth);
    return Comparison.of(decoding, preparation).similarities(truths);
  }

  /** All units with their rows, labelled by truth, exchanged as the plan says. */
  UnitRows rows() {
    int[][] members = new int[units.size()][];
    Arrays.setAll(members, units::rows);
    return new UnitRows(
        members,
        Units.numbered(units.size(), u -> "" + units.truth(u)),
        Units.numbered(units.size(), this::exchangeGroup));
  }

  /** The name of the group within which a unit may exchange its truth. */
  String exchangeGroup(int unit) {
    if (exchange == Exchange.ANY_UNIT) {
      return "";
    }
    String run = units.run(unit);
    if (run.isEmpty()) {
      throw new DataException(
          "permuting truths within runs: "
              + decoding.setting().unit()
              + " '"
              + units.id(unit)
              + "' belongs to no single run; use units that lie within one run, or exchange among"
              + " all units");
    }
    return run;
  }
}
