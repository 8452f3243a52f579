package io.noesis.experiment;

import io.noesis.alignment.embedding.ArrayTargets;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.CategoryDecoding;
import io.noesis.alignment.score.Confusion;
import io.noesis.alignment.score.Decoding;
import io.noesis.alignment.score.Difference;
import io.noesis.alignment.score.Differences;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.LeftOutCategories;
import io.noesis.alignment.score.Metrics;
import io.noesis.alignment.score.PrimaryMetric;
import io.noesis.alignment.score.RepetitionCeiling;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.RetrievalCurve;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.score.Target;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Scores one subject's decoded rows. */
final class Scoring {
  private static final int LARGEST_K_OF_CURVES = 5;

  /** How the names of scores of categories begin. */
  private static final String CATEGORY = "category";

  private final DecodingRecipe recipe;
  private final TargetTable targets;
  private final List<TargetTable> ofFolds;
  private final StimulusSet stimuli;

  Scoring(DecodingRecipe recipe, TargetTable targets, StimulusSet stimuli) {
    this(recipe, targets, List.of(), stimuli);
  }

  private Scoring(
      DecodingRecipe recipe, TargetTable targets, List<TargetTable> ofFolds, StimulusSet stimuli) {
    this.recipe = recipe;
    this.targets = targets;
    this.ofFolds = ofFolds;
    this.stimuli = stimuli;
  }

  /**
   * Scores against targets that each fold has in a space of its own.
   *
   * @param recipe how
   * @param ofFolds targets as each fold has them
   * @param stimuli of the study
   */
  static Scoring ofFolds(DecodingRecipe recipe, List<TargetTable> ofFolds, StimulusSet stimuli) {
    return new Scoring(recipe, ofFolds.get(0), ofFolds, stimuli);
  }

  /** A score and the way its rows were formed. */
  record Entry(String variant, Score score) {}

  /**
   * Everything that was computed of one subject.
   *
   * @param scores headline variant first
   * @param curves top-1 and top-5 against pool size; empty for categories
   * @param confusion of categories, where there are any
   * @param queries the decoding whose retrieved candidates the report shows
   */
  record Result(
      List<Entry> scores,
      Map<Integer, RetrievalCurve> curves,
      Optional<Confusion> confusion,
      Decoding queries) {}

  /** A difference of two encoders and the way its rows were formed. */
  record Contrast(String variant, Difference difference) {}

  Result score(Decoded decoded) {
    return score(decoded, List.of());
  }

  /**
   * Scores rows of a decoder that is told something of the stimuli.
   *
   * @param decoded what it decoded
   * @param exchanged what it decodes of responses to other stimuli, {@code [rows, dim]} each: the
   *     null; empty where it is told nothing
   */
  Result score(Decoded decoded, List<Tensor> exchanged) {
    Decodings decodings = decodings(decoded);
    Resampling plan = plan(decoded);
    List<Decodings> draws =
        exchanged.stream()
            .map(values -> decodings(decoded.with(values, decoded.trainingMeans())))
            .toList();
    return leavesOut()
        ? leftOut(decodings, plan)
        : retrieval(decodings, plan, decoded.kind(), draws);
  }

  /**
   * Scores of slots: a row is right where every one of them is.
   *
   * @param decoded its values are a number for each concept; of several slots behind each other
   *     logarithms of shares
   * @param attributes targets of the slots
   * @return headline variant first; empty where all rows show the same, which has no null
   */
  List<Entry> ofConcepts(Decoded decoded, List<TargetTable> attributes) {
    Decoding trials = decodings(decoded).ofConcepts(attributes);
    if (trials.rows().stream().map(Decoding.Row::truth).distinct().count() < 2) {
      return List.of();
    }
    List<Entry> scores = new ArrayList<>();
    for (Variant variant : variants(trials)) {
      Metrics.score(variant.of(trials), plan(decoded)).stream()
          .filter(s -> s.metric().startsWith(CATEGORY))
          .forEach(s -> scores.add(new Entry(variant.words(), s)));
    }
    return scores;
  }

  /**
   * Holds the slots of two encoders against each other.
   *
   * @param decoded by one encoder
   * @param other the same rows by another
   * @param attributes targets of the slots
   * @return the first minus the other, headline variant first
   */
  List<Contrast> contrastsOfConcepts(Decoded decoded, Decoded other, List<TargetTable> attributes) {
    Decoding one = decodings(decoded).ofConcepts(attributes);
    Decoding two = decodings(other).ofConcepts(attributes);
    List<Contrast> contrasts = new ArrayList<>();
    for (Variant variant : variants(one)) {
      contrasts.addAll(ofCategories(variant, one, two, plan(decoded)));
    }
    return contrasts;
  }

  private static List<Contrast> ofCategories(
      Variant variant, Decoding one, Decoding two, Resampling plan) {
    return Differences.of(variant.of(one), variant.of(two), plan).stream()
        .filter(d -> d.metric().startsWith(CATEGORY))
        .map(d -> new Contrast(variant.words(), d))
        .toList();
  }

  /**
   * Holds two encoders against each other, by the scores that both have.
   *
   * @param decoded by one encoder
   * @param other the same rows by another
   * @return the first minus the other, headline variant first
   */
  List<Contrast> contrasts(Decoded decoded, Decoded other) {
    Decodings one = decodings(decoded);
    Decodings two = decodings(other);
    Resampling plan = plan(decoded);
    List<Contrast> contrasts = new ArrayList<>();
    for (Variant variant : leavesOut() ? variants() : variants(one.trials())) {
      if (leavesOut()) {
        contrasts.add(
            new Contrast(
                variant.words(),
                LeftOutCategories.difference(
                    one.leftOut().stream().map(variant::of).toList(),
                    two.leftOut().stream().map(variant::of).toList(),
                    plan)));
      } else {
        Differences.of(variant.of(one.trials()), variant.of(two.trials()), plan)
            .forEach(d -> contrasts.add(new Contrast(variant.words(), d)));
        one.categories()
            .ifPresent(
                p ->
                    contrasts.addAll(
                        ofCategories(variant, p, two.categories().orElseThrow(), plan)));
      }
    }
    return contrasts;
  }

  /** The decoded rows beside what was true. */
  Decodings decodings(Decoded decoded) {
    return new Decodings(decoded, targets, ofFolds, stimuli, recipe.evaluation());
  }

  /** How a subject's intervals and nulls are drawn. */
  Resampling plan(Decoded decoded) {
    return new Resampling(
        recipe.evaluation().permutations(),
        recipe.evaluation().bootstraps(),
        Exchange.ANY_UNIT,
        Seed.of(recipe.seed()).child("score").child("sub-" + decoded.subject()),
        training(decoded.folds()));
  }

  private boolean leavesOut() {
    return recipe.evaluation().pool() == EvaluationSpec.Pool.LEFT_OUT;
  }

  /** One way to form rows. */
  record Variant(EvaluationSpec.Repetitions repetitions, String words) {
    boolean averages() {
      return repetitions == EvaluationSpec.Repetitions.AVERAGE;
    }

    Decoding of(Decoding trials) {
      return averages() ? trials.averaged() : trials;
    }
  }

  private List<Variant> variants() {
    return recipe.evaluation().repetitions().stream()
        .map(repetitions -> new Variant(repetitions, words(repetitions)))
        .toList();
  }

  /** Where nothing is repeated there is one way. */
  List<Variant> variants(Decoding trials) {
    boolean repeated = trials.averaged().rows().size() < trials.rows().size();
    return repeated
        ? variants()
        : List.of(new Variant(recipe.evaluation().repetitions().get(0), "single trials"));
  }

  static Resampling.Training training(List<Split> folds) {
    Set<Integer> tested = new HashSet<>();
    Set<Integer> trained = new HashSet<>();
    for (Split fold : folds) {
      for (int row = 0; row < fold.parts().size(); row++) {
        switch (fold.parts().get(row)) {
          case TEST -> tested.add(row);
          case TRAIN -> trained.add(row);
          default -> {}
        }
      }
    }
    return Collections.disjoint(tested, trained)
        ? Resampling.Training.APART
        : Resampling.Training.EXCHANGED;
  }

  private Result leftOut(Decodings decodings, Resampling plan) {
    List<Decoding> folds = decodings.leftOut();
    List<Entry> scores = new ArrayList<>();
    for (Variant variant : variants()) {
      List<Decoding> rows = folds.stream().map(variant::of).toList();
      scores.add(new Entry(variant.words(), LeftOutCategories.score(rows, plan)));
    }
    Decoding trials = decodings.trials();
    return new Result(scores, Map.of(), Optional.of(LeftOutCategories.confusion(folds)), trials);
  }

  private Result retrieval(
      Decodings decodings, Resampling plan, ResponseKind kind, List<Decodings> exchanged) {
    Decoding trials = decodings.trials();
    Optional<Decoding> prompts = decodings.categories();
    // Neighbouring samples of one presentation share their noise: they are no repetitions. And what
    // a decoder is told is the same in all.
    Optional<RepetitionCeiling> ceiling =
        kind == ResponseKind.SAMPLES || !exchanged.isEmpty()
            ? Optional.empty()
            : RepetitionCeiling.measure(trials);
    List<Entry> scores = new ArrayList<>();
    List<Variant> variants = variants(trials);
    for (Variant variant : variants) {
      Decoding rows = variant.of(trials);
      double repetitionsPerRow = (double) trials.rows().size() / rows.rows().size();
      List<Decoding> draws = exchanged.stream().map(draw -> variant.of(draw.trials())).toList();
      Metrics.score(rows, exchange(rows, plan), draws)
          .forEach(
              s -> scores.add(new Entry(variant.words(), limited(s, ceiling, repetitionsPerRow))));
      prompts
          .map(variant::of)
          .ifPresent(
              p ->
                  Metrics.score(
                          p,
                          plan,
                          exchanged.stream()
                              .map(draw -> variant.of(draw.categories().orElseThrow()))
                              .toList())
                      .stream()
                      .filter(s -> s.metric().startsWith(CATEGORY))
                      .forEach(s -> scores.add(new Entry(variant.words(), s))));
    }
    Decoding shown = variants.get(0).of(trials);
    // Chance of a curve is that of a blind guess: not that of who is told something.
    Map<Integer, RetrievalCurve> curves = exchanged.isEmpty() ? curves(shown, plan) : Map.of();
    return new Result(scores, curves, confusion(shown, prompts), shown);
  }

  private static Score limited(
      Score score, Optional<RepetitionCeiling> ceiling, double repetitions) {
    boolean speaksOfIt =
        score.metric().startsWith("embedding_") && score.metric().endsWith("_centred");
    return speaksOfIt && ceiling.isPresent()
        ? score.withCeiling(ceiling.get().correlation(repetitions))
        : score;
  }

  /** Labels are shuffled within runs where a run shows several: its level must not count. */
  private static Resampling exchange(Decoding rows, Resampling plan) {
    if (rows.setting().target() != Target.CATEGORY) {
      return plan;
    }
    Map<String, Set<String>> shown = new LinkedHashMap<>();
    for (Decoding.Row row : rows.rows()) {
      shown.computeIfAbsent(row.run(), r -> new LinkedHashSet<>()).add(row.truth());
    }
    boolean everyRunShowsSeveral = shown.values().stream().allMatch(s -> s.size() > 1);
    return everyRunShowsSeveral ? plan.with(Exchange.WITHIN_RUN) : plan;
  }

  private static Map<Integer, RetrievalCurve> curves(Decoding rows, Resampling plan) {
    Map<Integer, RetrievalCurve> curves = new LinkedHashMap<>();
    int pool = rows.pool().size();
    if (rows.setting().target() == Target.ITEM && pool > 2) {
      List<Integer> sizes = RetrievalCurve.sizes(2, pool);
      curves.put(1, RetrievalCurve.of(rows, 1, sizes, plan));
      List<Integer> larger = sizes.stream().filter(m -> m > LARGEST_K_OF_CURVES).toList();
      if (!larger.isEmpty()) {
        curves.put(LARGEST_K_OF_CURVES, RetrievalCurve.of(rows, LARGEST_K_OF_CURVES, larger, plan));
      }
    }
    return curves;
  }

  private static Optional<Confusion> confusion(Decoding rows, Optional<Decoding> prompts) {
    if (rows.setting().target() == Target.CATEGORY) {
      return Optional.of(CategoryDecoding.of(rows).confusion());
    }
    return prompts.map(p -> CategoryDecoding.of(p.averaged()).confusion());
  }

  /** The mean target of the training trials in the place of what was decoded. */
  static Decoded asMean(Decoded decoded) {
    int[] folds = decoded.rows().stream().mapToInt(Decoded.Row::fold).toArray();
    return decoded.with(decoded.trainingMeans().rows(folds), decoded.trainingMeans());
  }

  /** The mean over exchanged responses in the place of what was decoded. */
  static Decoded asTold(Decoded decoded, List<Tensor> exchanged) {
    double[] sums = new double[decoded.values().size()];
    for (Tensor draw : exchanged) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += draw.array()[i] / (double) exchanged.size();
      }
    }
    int[] at = {0};
    return decoded.with(decoded.values().map(v -> sums[at[0]++]), decoded.trainingMeans());
  }

  /**
   * The end-point error of what is no decoding, in the headline variant.
   *
   * @param said flows of the test rows
   * @return empty where targets are no flow
   */
  Optional<Entry> endPointError(Decoded said) {
    if (!targets.embeddings().space().model().equals(ArrayTargets.FLOW)) {
      return Optional.empty();
    }
    Decoding trials = decodings(said).trials();
    Variant variant = variants(trials).get(0);
    return Optional.of(
        new Entry(
            variant.words(),
            Metrics.score(PrimaryMetric.names().get(0), variant.of(trials), plan(said))));
  }

  /** Decoded embeddings of single trials, for audits. */
  Embeddings decodedTrials(Decoded decoded) {
    return decodings(decoded).trials().decoded();
  }

  private static String words(EvaluationSpec.Repetitions repetitions) {
    return switch (repetitions) {
      case AVERAGE -> "repetitions averaged";
      case SINGLE -> "single trials";
    };
  }
}
