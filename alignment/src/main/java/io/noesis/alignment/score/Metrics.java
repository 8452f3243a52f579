package io.noesis.alignment.score;

import io.noesis.alignment.score.Statistics.Interval;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Registry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** All metrics of decoded embeddings, and the one place where a metric becomes a {@link Score}. */
public final class Metrics {
  private static final double LEVEL = 0.95;
  private static final Registry<Metric> REGISTRY = Registry.of("metric", list());

  private Metrics() {}

  /** The list; names are without the pool size, which scores add. */
  public static Registry<Metric> registry() {
    return REGISTRY;
  }

  /**
   * Every metric that is defined for a decoding.
   *
   * @param decoding what was decoded
   * @param plan how intervals and nulls are drawn
   * @return scores in the order of the registry
   */
  public static List<Score> score(Decoding decoding, Resampling plan) {
    return score(decoding, plan, List.of());
  }

  /**
   * Every metric that is defined for what a decoder said that was told something of the stimuli:
   * chance and null are what it says of other responses when it is told the same.
   *
   * @param decoding what was decoded
   * @param plan how intervals are drawn
   * @param exchanged the same rows with responses to other stimuli, each as a draw of the null;
   *     where there are none the null is that of exchanged truths
   * @return scores in the order of the registry
   */
  public static List<Score> score(Decoding decoding, Resampling plan, List<Decoding> exchanged) {
    DecodingTables tables = DecodingTables.of(decoding, plan.exchange());
    List<DecodingTables> draws =
        exchanged.stream().map(draw -> DecodingTables.of(draw, plan.exchange())).toList();
    List<Score> scores = new ArrayList<>();
    for (Registry.Entry<Metric> entry : REGISTRY.entries()) {
      if (undefined(entry.value(), tables).isEmpty()) {
        scores.add(score(entry.value(), tables, plan, draws));
      }
    }
    return scores;
  }

  /**
   * One metric.
   *
   * @param name a name of the registry
   * @param decoding what was decoded
   * @param plan how the interval and the null are drawn
   * @return its score
   * @throws io.noesis.run.RecipeException when there is no such metric
   * @throws IllegalArgumentException when it is not defined here; the message says why
   */
  public static Score score(String name, Decoding decoding, Resampling plan) {
    DecodingTables tables = DecodingTables.of(decoding, plan.exchange());
    Metric metric = REGISTRY.get(name);
    Optional<String> reason = undefined(metric, tables);
    Check.argument(reason.isEmpty(), "metric %s is not defined here: %s", name, reason.orElse(""));
    return score(metric, tables, plan, List.of());
  }

  /**
   * The metrics that are not defined for a decoding, for a report to say so.
   *
   * @param decoding what was decoded
   * @param plan how intervals and nulls would be drawn
   * @return the reason in words by name
   */
  public static Map<String, String> undefined(Decoding decoding, Resampling plan) {
    DecodingTables tables = DecodingTables.of(decoding, plan.exchange());
    Map<String, String> reasons = new LinkedHashMap<>();
    for (Registry.Entry<Metric> entry : REGISTRY.entries()) {
      undefined(entry.value(), tables).ifPresent(reason -> reasons.put(entry.name(), reason));
    }
    return reasons;
  }

  private static Optional<String> undefined(Metric metric, DecodingTables tables) {
    return tables.units().size() < 2
        ? Optional.of("a single unit has no null and no interval")
        : metric.undefinedFor(tables);
  }

  static Score score(Metric metric, DecodingTables tables, Resampling plan) {
    return score(metric, tables, plan, List.of());
  }

  private static Score score(
      Metric metric, DecodingTables tables, Resampling plan, List<DecodingTables> exchanged) {
    Pairings pairings = metric.pairings(tables);
    if (exchanged.isEmpty() && !pairings.rows().exchangeChangesTruths()) {
      throw new DataException(
          "the null of "
              + metric.name(tables)
              + ": all units that may exchange truths show the same, so a permutation changes"
              + " nothing; exchange among all units, or use runs that show several things");
    }
    Resampler resampler = new Resampler(plan);
    double[] nulls =
        exchanged.isEmpty()
            ? resampler.nulls(pairings)
            : resampler.widened(
                exchanged.stream().mapToDouble(draw -> metric.pairings(draw).observed()).toArray());
    double observed = pairings.observed();
    Interval interval = Statistics.percentileInterval(resampler.replicates(pairings), LEVEL);
    Interval band = Statistics.percentileInterval(nulls, LEVEL);
    Check.argument(
        Double.isFinite(observed), "metric %s came out as %f", metric.name(tables), observed);
    return new Score(
        metric.name(tables),
        observed,
        interval.low(),
        interval.high(),
        exchanged.isEmpty()
            ? metric.chance(tables, pairings)
            : Arrays.stream(nulls).average().orElseThrow(),
        band.low(),
        band.high(),
        Statistics.permutationP(nulls, observed, metric.direction()),
        pairings.units(),
        tables.decoding().setting().unit(),
        metric.direction(),
        OptionalDouble.empty(),
        protocol(metric.computedFrom(tables), plan, exchanged.size()));
  }

  /** What two labs must share to compare. */
  static String protocol(DecodingTables tables, Resampling plan) {
    return protocol(tables, plan, 0);
  }

  private static String protocol(DecodingTables tables, Resampling plan, int exchanged) {
    Decoding.Setting setting = tables.decoding().setting();
    String drawn =
        String.format(
            "%s; %d rows of %d units (%s); ties count against the truth; %s; %d bootstrap"
                + " resamples; seed %d:%s",
            setting.similarity().words(),
            tables.decoding().rows().size(),
            tables.units().size(),
            setting.unit(),
            exchanged == 0
                ? plan.permutations() + " permutations " + plan.exchange().words() + " units"
                : exchanged + " exchanges of responses, what the decoder is told being kept",
            plan.bootstraps(),
            plan.seed().root(),
            plan.seed().path());
    String widened =
        plan.training() == Resampling.Training.EXCHANGED
            ? "; null widened by sqrt(2), as tested rows train other folds"
            : "";
    return Averaging.joined(setting.protocol(), drawn + widened);
  }

  private static List<Registry.Entry<Metric>> list() {
    List<Registry.Entry<Metric>> list = new ArrayList<>();
    list.add(new Registry.Entry<>(EndPointError.NAME, new EndPointError(), EndPointError.WORDS));
    for (RankMetric.Way way :
        List.of(RankMetric.Way.IMAGE_FROM_BRAIN, RankMetric.Way.BRAIN_FROM_IMAGE)) {
      for (RankMetric.Readout readout : RankMetric.readouts()) {
        list.add(ranked(way, readout));
      }
    }
    list.add(
        new Registry.Entry<>(
            "image_from_brain.two_way_within_category",
            new WithinCategoryTwoWay(),
            "Share of the other candidates of the same category that are less similar."));
    list.add(ranked(RankMetric.Way.CATEGORY_FROM_BRAIN, new RankMetric.TwoWay()));
    for (CategoryAccuracy.Weighting weighting : CategoryAccuracy.Weighting.values()) {
      list.add(
          new Registry.Entry<>(
              weighting.prefix(), new CategoryAccuracy(weighting), weighting.words()));
    }
    for (EmbeddingAgreement.Kind kind : EmbeddingAgreement.Kind.values()) {
      list.add(new Registry.Entry<>(kind.metricName(), new EmbeddingAgreement(kind), kind.words()));
    }
    return list;
  }

  private static Registry.Entry<Metric> ranked(RankMetric.Way way, RankMetric.Readout readout) {
    return new Registry.Entry<>(
        way.prefix() + "." + readout.name(),
        new RankMetric(way, readout),
        way.words() + " " + readout.words());
  }
}
