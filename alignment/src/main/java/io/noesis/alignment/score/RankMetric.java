package io.noesis.alignment.score;

import io.noesis.alignment.retrieve.RankTable;
import io.noesis.alignment.score.Score.Direction;
import java.util.List;
import java.util.Optional;

/**
 * Metrics of the rank of the truth. Ties count against the truth ({@link RankTable}): with {@code
 * w} candidates strictly less similar among {@code N - 1} others, the rank is {@code N - w}
 * (1-based), two-way identification is {@code w / (N - 1)}.
 *
 * @param way what is looked for with what
 * @param readout what is read from the rank
 */
record RankMetric(Way way, Readout readout) implements Metric {
  /** What is looked for with what. */
  enum Way {
    /** For each decoded row: is the shown candidate the most similar of the pool? */
    IMAGE_FROM_BRAIN("image_from_brain", "Finding the shown picture from the brain:"),
    /** For each shown candidate: is its decoded row the most similar of all decoded rows? */
    BRAIN_FROM_IMAGE("brain_from_image", "Finding the brain response from the shown picture:"),
    /** For each decoded row: is its category the most similar of all categories? */
    CATEGORY_FROM_BRAIN("category_from_brain", "Finding the shown category from the brain:");

    private final String prefix;
    private final String words;

    Way(String prefix, String words) {
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

  /** What is read from the rank of the truth. */
  interface Readout {
    String name();

    /** One sentence for {@code describe}, after that of the way. */
    String words();

    default Direction direction() {
      return Direction.HIGHER;
    }

    default Statistic statistic() {
      return Statistic.MEAN;
    }

    /** Why it means nothing in a pool of that size; empty when it does. */
    default Optional<String> undefinedIn(int pool) {
      return Optional.empty();
    }

    double of(int rank, int pool);

    double chance(int pool);
  }

  /** Whether the truth is among the best k. */
  record TopK(int k) implements Readout {
    @Override
    public String name() {
      return "top" + k;
    }

    @Override
    public String words() {
      return "share of queries whose truth is among the best " + k + ".";
    }

    @Override
    public Optional<String> undefinedIn(int pool) {
      return k < pool
          ? Optional.empty()
          : Optional.of("the pool holds " + pool + " candidates, top-" + k + " needs more");
    }

    @Override
    public double of(int rank, int pool) {
      return rank < k ? 1 : 0;
    }

    @Override
    public double chance(int pool) {
      return (double) k / pool;
    }
  }

  /** The median of the 1-based rank of the truth. */
  record MedianRank() implements Readout {
    @Override
    public String name() {
      return "median_rank";
    }

    @Override
    public String words() {
      return "median of the 1-based rank of the truth.";
    }

    @Override
    public Direction direction() {
      return Direction.LOWER;
    }

    @Override
    public Statistic statistic() {
      return Statistic.MEDIAN;
    }

    @Override
    public double of(int rank, int pool) {
      return rank + 1.0;
    }

    @Override
    public double chance(int pool) {
      return (pool + 1) / 2.0;
    }
  }

  /** The share of the other candidates that are strictly less similar than the truth. */
  record TwoWay() implements Readout {
    @Override
    public String name() {
      return "two_way";
    }

    @Override
    public String words() {
      return "share of the other candidates that are less similar; never to be read alone.";
    }

    @Override
    public double of(int rank, int pool) {
      return (pool - 1.0 - rank) / (pool - 1.0);
    }

    @Override
    public double chance(int pool) {
      return 0.5;
    }
  }

  /** The readouts of every way of retrieval. */
  static List<Readout> readouts() {
    return List.of(new TopK(1), new TopK(5), new TopK(10), new MedianRank(), new TwoWay());
  }

  @Override
  public String name(DecodingTables tables) {
    return way.prefix + "." + readout.name() + "@" + pool(tables);
  }

  @Override
  public Direction direction() {
    return readout.direction();
  }

  @Override
  public Optional<String> undefinedFor(DecodingTables tables) {
    Target needed = way == Way.CATEGORY_FROM_BRAIN ? Target.CATEGORY : Target.ITEM;
    if (tables.decoding().setting().target() != needed) {
      return Optional.of("the pool does not hold one candidate per " + needed);
    }
    if (way == Way.BRAIN_FROM_IMAGE && !tables.units().truthsAreDistinct()) {
      return Optional.of("several units show the same candidate, so no single row is its own");
    }
    int pool = pool(tables);
    return pool < 2
        ? Optional.of("a pool of " + pool + " leaves nothing to tell apart")
        : readout.undefinedIn(pool);
  }

  @Override
  public Pairings pairings(DecodingTables tables) {
    int pool = pool(tables);
    if (way == Way.BRAIN_FROM_IMAGE) {
      DecodingTables averaged = computedFrom(tables);
      RankTable ranks = averaged.brainRanks();
      return new Pairings(
          averaged.rows(),
          (row, unit) -> readout.of(ranks.at(unit, row), pool),
          readout.statistic());
    }
    RankTable ranks = tables.ranks();
    Units units = tables.units();
    return new Pairings(
        tables.rows(),
        (row, unit) -> readout.of(ranks.at(row, units.truth(unit)), pool),
        readout.statistic());
  }

  @Override
  public DecodingTables computedFrom(DecodingTables tables) {
    return way == Way.BRAIN_FROM_IMAGE ? tables.averaged() : tables;
  }

  @Override
  public double chance(DecodingTables tables, Pairings pairings) {
    return readout.chance(pool(tables));
  }

  private int pool(DecodingTables tables) {
    return way == Way.BRAIN_FROM_IMAGE ? tables.units().size() : tables.decoding().pool().size();
  }
}
