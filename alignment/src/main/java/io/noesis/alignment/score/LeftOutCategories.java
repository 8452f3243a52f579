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
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Recognition of categories that no training trial showed: each fold leaves some categories out and
 * its test trials are told apart among just these, as in Mitchell et al. (2008,
 * doi:10.1126/science.1152876). Folds share categories and are not independent, so the unit of
 * inference is the category: its value is the mean over the folds that left it out and the interval
 * resamples categories. The null is Student's t over categories with twice their variance: what
 * category c contributes to decoding d comes with what d contributes to c ({@link
 * Resampling.Training#EXCHANGED}).
 */
public final class LeftOutCategories {
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
    double[] values = values(folds);
    double chance = 1.0 / size;
    double observed = mean(values);
    double spread = Resampling.Training.EXCHANGED.width() * standardError(values);
    TDistribution t = new TDistribution(null, values.length - 1.0);
    double half = spread * t.inverseCumulativeProbability(0.975);
    Interval interval = Statistics.percentileInterval(resampled(values, plan), 0.95);
    return new Score(
        "category_left_out@" + size,
        observed,
        interval.low(),
        interval.high(),
        chance,
        chance - half,
        chance + half,
        p(t, observed - chance, spread, plan),
        values.length,
        "category",
        Score.Direction.HIGHER,
        OptionalDouble.empty(),
        protocol(folds, values.length, plan));
  }

  /**
   * The score of one encoder minus that of another, over the same folds.
   *
   * @param first one decoding per fold
   * @param second another of the same rows
   * @param plan how many exchanges and resamples of categories
   * @return their difference
   */
  public static Difference difference(
      List<Decoding> first, List<Decoding> second, Resampling plan) {
    return Differences.ofMeans(
        "category_left_out@" + first.get(0).pool().size(),
        values(first),
        values(second),
        "category",
        plan.with(Resampling.Training.EXCHANGED));
  }

  /** The mean of each category over the folds that left it out, by its name. */
  private static double[] values(List<Decoding> folds) {
    int size = folds.get(0).pool().size();
    Map<String, List<Double>> byCategory = new TreeMap<>();
    for (Decoding fold : folds) {
      Check.size("categories left out by a fold", size, fold.pool().size());
      byCategory(fold)
          .forEach((c, v) -> byCategory.computeIfAbsent(c, k -> new ArrayList<>()).add(v));
    }
    Check.argument(
        byCategory.size() > 1, "a single category that is left out has no null and no interval");
    return byCategory.values().stream().mapToDouble(LeftOutCategories::mean).toArray();
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

  private static double standardError(double[] values) {
    return Math.sqrt(StatUtils.variance(values) / values.length);
  }

  /** One-sided; no smaller than what as many permutations could give, also without any spread. */
  private static double p(TDistribution t, double distance, double spread, Resampling plan) {
    double smallest = 1.0 / (plan.permutations() + 1);
    if (spread == 0) {
      return distance > 0 ? smallest : 1;
    }
    return Math.max(smallest, t.cumulativeProbability(-distance / spread));
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
            + " categories; t of categories, variance doubled as folds share them; "
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
