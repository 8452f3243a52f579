package io.noesis.alignment.score;

import io.noesis.alignment.score.Statistics.Interval;
import io.noesis.run.Check;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Registry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two decodings of the same rows held against each other. The interval resamples units and scores
 * both on the same resample. The null exchanges, for each unit by the toss of a coin, which of the
 * two decoded it: were they equally good, every such exchange would be as likely as what was found.
 * Where tested rows also trained other folds the null is widened as that of a score is ({@link
 * Resampling.Training}).
 */
public final class Differences {
  private static final double LEVEL = 0.95;

  private Differences() {}

  /**
   * Every metric that is defined for both and whose value for a row does not depend on how other
   * rows were decoded: finding responses among responses is left out.
   *
   * @param first one decoding
   * @param second another of the same rows, pool and setting
   * @param plan how many exchanges (as many as permutations) and resamples, from which seed
   * @return first minus second, in the order of the registry
   */
  public static List<Difference> of(Decoding first, Decoding second, Resampling plan) {
    Check.argument(
        first.rows().equals(second.rows()) && first.pool().ids().equals(second.pool().ids()),
        "holding two decodings against each other: they are of other rows or pools");
    DecodingTables one = DecodingTables.of(first, plan.exchange());
    DecodingTables other = DecodingTables.of(second, plan.exchange());
    List<Difference> differences = new ArrayList<>();
    for (Registry.Entry<Metric> entry : Metrics.registry().entries()) {
      Metric metric = entry.value();
      boolean ofOtherRows = entry.name().startsWith(RankMetric.Way.BRAIN_FROM_IMAGE.prefix());
      if (!ofOtherRows
          && one.units().size() > 1
          && metric.undefinedFor(one).isEmpty()
          && metric.undefinedFor(other).isEmpty()) {
        differences.add(difference(metric, metric.pairings(other), one, plan));
      }
    }
    return differences;
  }

  /**
   * One metric.
   *
   * @param metric of the first
   * @param second values of the other, for the same rows
   * @param one what the first decoded
   * @param plan how many exchanges and resamples, from which seed
   * @return first minus second
   */
  static Difference difference(
      Metric metric, Pairings second, DecodingTables one, Resampling plan) {
    Pairings first = metric.pairings(one);
    Resampler resampler = new Resampler(plan);
    double[] replicates = new double[plan.bootstraps()];
    resampler.bootstraps(
        first.units(),
        (b, units, truths) -> replicates[b] = first.of(units, truths) - second.of(units, truths));
    Interval interval = Statistics.percentileInterval(replicates, LEVEL);
    double observed = first.observed() - second.observed();
    return new Difference(
        metric.name(one),
        observed,
        interval.low(),
        interval.high(),
        exchanged(first, second, observed, plan),
        first.units(),
        one.decoding().setting().unit(),
        metric.direction(),
        protocol(one.decoding().setting().protocol(), plan));
  }

  private static double exchanged(
      Pairings first, Pairings second, double observed, Resampling plan) {
    Pairings.Own one = first.own();
    Pairings.Own other = second.own();
    double[] larger = new double[plan.permutations()];
    new Resampler(plan)
        .exchanges(
            first.units(),
            (b, exchanged) ->
                larger[b] =
                    Math.abs(
                        plan.training().width()
                            * (one.exchanged(other, exchanged) - other.exchanged(one, exchanged))));
    return Statistics.permutationP(larger, Math.abs(observed), Score.Direction.HIGHER);
  }

  /**
   * Values of the same units by two encoders, whose mean counts.
   *
   * @param metric name
   * @param first one value per unit
   * @param second one value per unit, in the same order
   * @param unit what a unit is
   * @param plan how many exchanges and resamples, from which seed
   * @return first minus second
   */
  static Difference ofMeans(
      String metric, double[] first, double[] second, String unit, Resampling plan) {
    double[] differences = new double[first.length];
    Arrays.setAll(differences, i -> first[i] - second[i]);
    double observed = mean(differences);
    Resampler resampler = new Resampler(plan);
    double[] replicates = new double[plan.bootstraps()];
    resampler.bootstraps(
        first.length,
        (b, units, truths) ->
            replicates[b] =
                Arrays.stream(units).mapToDouble(u -> differences[u]).average().orElse(0));
    double[] larger = new double[plan.permutations()];
    resampler.exchanges(
        first.length,
        (b, exchanged) -> {
          double[] turned = differences.clone();
          for (int i = 0; i < turned.length; i++) {
            turned[i] = exchanged[i] ? 0 - turned[i] : turned[i];
          }
          larger[b] = Math.abs(plan.training().width() * mean(turned));
        });
    Interval interval = Statistics.percentileInterval(replicates, LEVEL);
    return new Difference(
        metric,
        observed,
        interval.low(),
        interval.high(),
        Statistics.permutationP(larger, Math.abs(observed), Score.Direction.HIGHER),
        first.length,
        unit,
        Score.Direction.HIGHER,
        protocol("", plan));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static String protocol(String setting, Resampling plan) {
    return Averaging.joined(
        setting,
        String.format(
            "paired; %d exchanges of which encoder decoded a unit, two-sided; %d bootstrap"
                + " resamples; seed %d:%s%s",
            plan.permutations(),
            plan.bootstraps(),
            plan.seed().root(),
            plan.seed().path(),
            plan.training() == Resampling.Training.EXCHANGED
                ? "; null widened by sqrt(2), as tested rows train other folds"
                : ""));
  }

  /** What is done with one exchange; called from several threads, once per draw. */
  @FunctionalInterface
  interface Exchanged {
    void accept(int draw, boolean[] exchanged);
  }

  /** One toss per unit. */
  static boolean[] tosses(PinnedRandom random, int units) {
    boolean[] exchanged = new boolean[units];
    for (int u = 0; u < units; u++) {
      exchanged[u] = random.nextDouble() < 0.5;
    }
    return exchanged;
  }
}
