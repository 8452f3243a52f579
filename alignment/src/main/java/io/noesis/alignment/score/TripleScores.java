package io.noesis.alignment.score;

import io.noesis.alignment.triple.Combinations;
import io.noesis.run.Check;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Where the triple that was shown stands among all combinations of concepts, by the sum of the
 * logarithms of its slots' shares, and of a prior's where there is one. Ties count against it.
 *
 * @param decoding its decoded vectors are logarithms of shares, those of the slots side by side;
 *     its candidates are the triples that were shown, each one-hot for every slot
 * @param combinations of the slots
 * @param prior what is added to each combination, by fold as rows name it, in the order of the
 *     combinations; empty for nothing
 */
public record TripleScores(
    Decoding decoding, Combinations combinations, Map<String, double[]> prior) {
  private static final String NAME = "triple";

  /** Checks that vectors have a number for each concept. */
  public TripleScores {
    prior = Map.copyOf(prior);
    Check.size(
        "numbers of a decoded triple",
        combinations.sizes().stream().mapToInt(Integer::intValue).sum(),
        decoding.decoded().space().dim());
  }

  /** The same without a prior. */
  public TripleScores withoutPrior() {
    return new TripleScores(decoding, combinations, Map.of());
  }

  /** The same with one row per unit; the prior of several folds is the mean of theirs. */
  public TripleScores averaged() {
    Decoding mean = decoding.averaged();
    Map<String, double[]> joined = new HashMap<>(prior);
    if (!prior.isEmpty()) {
      Map<String, Set<String>> folds = decoding.foldsOfUnits();
      for (Decoding.Row row : mean.rows()) {
        joined.computeIfAbsent(
            row.fold(), name -> mean(Objects.requireNonNull(folds.get(row.unit()))));
      }
    }
    return new TripleScores(mean, combinations, joined);
  }

  private double[] mean(Set<String> folds) {
    double[] mean = new double[combinations.count()];
    for (String name : folds) {
      double[] own = Objects.requireNonNull(prior.get(name), name);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += own[i] / folds.size();
      }
    }
    return mean;
  }

  /**
   * The same of some rows only.
   *
   * @param which the rows that count
   * @return empty where fewer than two units are left, or all of them show the same: they have no
   *     null
   */
  public Optional<TripleScores> of(Predicate<Decoding.Row> which) {
    int[] rows =
        IntStream.range(0, decoding.rows().size())
            .filter(r -> which.test(decoding.rows().get(r)))
            .toArray();
    List<Decoding.Row> kept = Arrays.stream(rows).mapToObj(decoding.rows()::get).toList();
    if (kept.stream().map(Decoding.Row::truth).distinct().count() < 2) {
      return Optional.empty();
    }
    Decoding some =
        new Decoding(
            decoding
                .decoded()
                .select(Arrays.stream(rows).mapToObj(decoding.decoded().ids()::get).toList()),
            kept,
            decoding.pool(),
            decoding.poolCategories(),
            decoding.trainingMeans(),
            decoding.setting());
    return Optional.of(new TripleScores(some, combinations, prior));
  }

  /**
   * Recall among the best k for each k below the number of combinations, and the median rank.
   *
   * @param recall k
   * @param plan how intervals and nulls are drawn
   * @return {@code triple.recallK@COMBINATIONS}, {@code triple.median_rank@COMBINATIONS}
   */
  public List<Score> score(List<Integer> recall, Resampling plan) {
    DecodingTables tables = DecodingTables.of(decoding, plan.exchange());
    int[][] ranks = ranks();
    return metrics(recall, ranks).stream().map(m -> Metrics.score(m, tables, plan)).toList();
  }

  /**
   * These minus others of the same rows.
   *
   * @param other with another prior, or without
   * @param recall k
   * @param plan how many exchanges and resamples, from which seed
   * @return the differences of the same scores
   */
  public List<Difference> minus(TripleScores other, List<Integer> recall, Resampling plan) {
    Check.argument(
        decoding.rows().equals(other.decoding.rows())
            && combinations.equals(other.combinations)
            && decoding.pool().ids().equals(other.decoding.pool().ids()),
        "holding triples against each other: they are of other rows or concepts");
    DecodingTables tables = DecodingTables.of(decoding, plan.exchange());
    DecodingTables others = DecodingTables.of(other.decoding, plan.exchange());
    List<OfTriples> first = metrics(recall, ranks());
    List<OfTriples> second = other.metrics(recall, other.ranks());
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      differences.add(
          Differences.difference(first.get(i), second.get(i).pairings(others), tables, plan));
    }
    return differences;
  }

  private List<OfTriples> metrics(List<Integer> recall, int[][] ranks) {
    int count = combinations.count();
    List<OfTriples> metrics = new ArrayList<>();
    recall.stream()
        .filter(k -> k < count)
        .forEach(
            k -> metrics.add(new OfTriples("recall" + k, new RankMetric.TopK(k), ranks, count)));
    metrics.add(new OfTriples("median_rank", new RankMetric.MedianRank(), ranks, count));
    return metrics;
  }

  /** Ranks from 0 of the triples that were shown, {@code [rows, candidates]}. */
  private int[][] ranks() {
    int[] numbers = candidates();
    int[][] ranks = new int[decoding.rows().size()][];
    Parallel.forBlocks(
        ranks.length,
        1,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            ranks[row] = ranks(row, numbers);
          }
        });
    return ranks;
  }

  private int[] ranks(int row, int[] numbers) {
    double[] scores = scores(row);
    double[] ascending = scores.clone();
    Arrays.sort(ascending);
    return Arrays.stream(numbers)
        .map(number -> ascending.length - 1 - below(ascending, scores[number]))
        .toArray();
  }

  /** How many are strictly smaller. */
  private static int below(double[] ascending, double value) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private double[] scores(int row) {
    double[] scores = prior(decoding.rows().get(row).fold());
    float[] shares = decoding.decoded().values().row(row);
    List<Integer> sizes = combinations.sizes();
    combinations.each(
        (number, places) -> {
          double sum = 0;
          int start = 0;
          for (int slot = 0; slot < places.length; slot++) {
            sum += shares[start + places[slot]];
            start += sizes.get(slot);
          }
          scores[number] += sum;
        });
    return scores;
  }

  /** A copy. */
  private double[] prior(String fold) {
    return prior.isEmpty()
        ? new double[combinations.count()]
        : Objects.requireNonNull(prior.get(fold), fold).clone();
  }

  /** The number of each candidate among all combinations. */
  private int[] candidates() {
    Tensor oneHot = decoding.pool().values();
    int[] numbers = new int[oneHot.dim(0)];
    for (int candidate = 0; candidate < numbers.length; candidate++) {
      int[] places = new int[combinations.sizes().size()];
      int start = 0;
      for (int slot = 0; slot < places.length; slot++) {
        while (oneHot.at(candidate, start + places[slot]) != 1) {
          places[slot]++;
        }
        start += combinations.sizes().get(slot);
      }
      numbers[candidate] = combinations.number(places);
    }
    return numbers;
  }

  /** What is read from the rank of a triple; made for one decoding. */
  @SuppressWarnings("ArrayRecordComponent") // Private to this class and compared by nobody.
  private record OfTriples(String what, RankMetric.Readout readout, int[][] ranks, int count)
      implements Metric {
    @Override
    public String name(DecodingTables tables) {
      return NAME + "." + what + "@" + count;
    }

    @Override
    public Score.Direction direction() {
      return readout.direction();
    }

    @Override
    public Optional<String> undefinedFor(DecodingTables tables) {
      return Optional.empty();
    }

    @Override
    public Pairings pairings(DecodingTables tables) {
      Units units = tables.units();
      return new Pairings(
          tables.rows(),
          (row, unit) -> readout.of(ranks[row][units.truth(unit)], count),
          readout.statistic());
    }

    /**
     * What permutations of the truths give, which a prior that knows what is frequent betters: of
     * recall their expectation, of the median rank the median over all pairings, about which theirs
     * lie.
     */
    @Override
    public double chance(DecodingTables tables, Pairings pairings) {
      return readout.statistic() == Statistic.MEAN
          ? pairings.expectedMean()
          : readout.of(medianRank(tables.units()), count);
    }

    /** From 0, the lower one of two. */
    private int medianRank(Units units) {
      long[] counts = new long[count];
      for (int[] row : ranks) {
        for (int unit = 0; unit < units.size(); unit++) {
          counts[row[units.truth(unit)]]++;
        }
      }
      long rest = ((long) ranks.length * units.size() + 1) / 2;
      int rank = 0;
      while (rest > counts[rank]) {
        rest -= counts[rank++];
      }
      return rank;
    }
  }
}
