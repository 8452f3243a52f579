package io.noesis.alignment.score;

import io.noesis.alignment.score.Statistics.Interval;
import io.noesis.run.Check;
import io.noesis.run.PinnedRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * Recognition of categories that no training trial showed: each fold leaves some categories out and
 * its test trials are told apart among just these, as in Mitchell et al. (2008,
 * doi:10.1126/science.1152876). Folds share categories and are not independent, so the unit of
 * inference is the category: its value is the mean over the folds that left it out, the interval
 * resamples categories, and the null flips the sign of each category's distance from chance.
 */
public final class LeftOutCategories {
  /** Up to this many categories every flip is tried, so that p is exact. */
  private static final int EXACT = 14;

  private LeftOutCategories() {}

  /**
   * The share of rows whose own category is the most similar of those left out.
   *
   * @param folds one decoding per fold; its pool holds the categories that the fold left out
   * @param plan how intervals and nulls are drawn
   * @return the score {@code category_left_out@SIZE}; n counts categories
   */
  public static Score score(List<Decoding> folds, Resampling plan) {
    Check.argument(!folds.isEmpty(), "no fold to score");
    int size = folds.get(0).pool().size();
    Map<String, List<Double>> byCategory = new TreeMap<>();
    for (Decoding fold : folds) {
      Check.size("categories left out by a fold", size, fold.pool().size());
      byCategory(fold)
          .forEach((c, v) -> byCategory.computeIfAbsent(c, k -> new ArrayList<>()).add(v));
    }
    double chance = 1.0 / size;
    double[] values = byCategory.values().stream().mapToDouble(LeftOutCategories::mean).toArray();
    double[] nulls = flips(values, chance, plan);
    double observed = mean(values);
    Interval interval = Statistics.percentileInterval(resampled(values, plan), 0.95);
    Interval band = Statistics.percentileInterval(nulls, 0.95);
    return new Score(
        "category_left_out@" + size,
        observed,
        interval.low(),
        interval.high(),
        chance,
        band.low(),
        band.high(),
        p(nulls, observed, values.length),
        values.length,
        "category",
        Score.Direction.HIGHER,
        OptionalDouble.empty(),
        protocol(folds, values.length, plan));
  }

  /**
   * Who was taken for whom, over all folds.
   *
   * @param folds one decoding per fold
   * @return counts of rows; a pair of categories that no fold left out together stays 0
   */
  public static Confusion confusion(List<Decoding> folds) {
    Set<String> labels = new LinkedHashSet<>();
    List<String> shown = new ArrayList<>();
    List<String> said = new ArrayList<>();
    for (Decoding fold : folds) {
      labels.addAll(fold.pool().ids());
      for (CategoryDecoding.Prediction prediction : CategoryDecoding.of(fold).predictions()) {
        shown.add(prediction.shown());
        said.add(prediction.said());
      }
    }
    return Confusion.of(labels.stream().sorted().toList(), shown, said);
  }

  private static Map<String, Double> byCategory(Decoding fold) {
    Map<String, List<Double>> hits = new TreeMap<>();
    for (CategoryDecoding.Prediction p : CategoryDecoding.of(fold).predictions()) {
      // A tie says nothing, whatever name comes first.
      double hit = p.margin() > 0 && p.shown().equals(p.said()) ? 1 : 0;
      hits.computeIfAbsent(p.shown(), c -> new ArrayList<>()).add(hit);
    }
    Map<String, Double> means = new TreeMap<>();
    hits.forEach((category, list) -> means.put(category, mean(list)));
    return means;
  }

  private static double[] flips(double[] values, double chance, Resampling plan) {
    boolean exact = values.length <= EXACT;
    int count = exact ? 1 << values.length : plan.permutations();
    double[] nulls = new double[count];
    for (int b = 0; b < count; b++) {
      PinnedRandom random = plan.seed().child("flip-" + b).random();
      double sum = 0;
      for (int c = 0; c < values.length; c++) {
        boolean flip = exact ? (b >> c & 1) == 1 : random.nextInt(2) == 1;
        sum += flip ? chance - values[c] : values[c] - chance;
      }
      nulls[b] = chance + sum / values.length;
    }
    return nulls;
  }

  /** With every flip tried, the observed value is one of the nulls and p needs no correction. */
  private static double p(double[] nulls, double observed, int categories) {
    if (categories > EXACT) {
      return Statistics.permutationP(nulls, observed, Score.Direction.HIGHER);
    }
    long atLeast = java.util.Arrays.stream(nulls).filter(v -> v >= observed - 1e-12).count();
    return (double) atLeast / nulls.length;
  }

  private static double[] resampled(double[] values, Resampling plan) {
    double[] means = new double[plan.bootstraps()];
    for (int b = 0; b < means.length; b++) {
      PinnedRandom random = plan.seed().child("categories-" + b).random();
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += values[random.nextInt(values.length)];
      }
      means[b] = sum / values.length;
    }
    return means;
  }

  private static String protocol(List<Decoding> folds, int categories, Resampling plan) {
    Decoding.Setting setting = folds.get(0).setting();
    int rows = folds.stream().mapToInt(f -> f.rows().size()).sum();
    return Averaging.joined(
        setting.protocol(),
        setting.similarity().words()
            + "; "
            + rows
            + " rows in "
            + folds.size()
            + " folds; mean over "
            + categories
            + " categories; sign flips of categories; "
            + plan.bootstraps()
            + " bootstrap resamples of categories");
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElseThrow();
  }
}
