package io.noesis.experiment;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.CategoryDecoding;
import io.noesis.alignment.score.Confusion;
import io.noesis.alignment.score.Decoding;
import io.noesis.alignment.score.Difference;
import io.noesis.alignment.score.Differences;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.LeftOutCategories;
import io.noesis.alignment.score.Metrics;
import io.noesis.alignment.score.RepetitionCeiling;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.RetrievalCurve;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.score.Target;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Seed;
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

  private final DecodingRecipe recipe;
  private final TargetTable targets;
  private final StimulusSet stimuli;

  Scoring(DecodingRecipe recipe, TargetTable targets, StimulusSet stimuli) {
    this.recipe = recipe;
    this.targets = targets;
    this.stimuli = stimuli;
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
    Decodings decodings = decodings(decoded);
    Resampling plan = plan(decoded);
    return leavesOut() ? leftOut(decodings, plan) : retrieval(decodings, plan, decoded.kind());
  }

  /**
   * Scores of several slots together: a row is right where every one of them is.
   *
   * @param decoded its values are logarithms of shares, those of the slots behind each other
   * @param attributes targets of the slots
   */
  List<Entry> together(Decoded decoded, List<TargetTable> attributes) {
    Decoding trials = decodings(decoded).ofConcepts(attributes);
    List<Entry> scores = new ArrayList<>();
    for (Variant variant : variants(trials)) {
      Decoding rows = variant.of(trials);
      Metrics.score(rows, plan(decoded))
          .forEach(score -> scores.add(new Entry(variant.words(), score)));
    }
    return scores;
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
                    Differences.of(variant.of(p), variant.of(two.categories().orElseThrow()), plan)
                        .stream()
                        .filter(d -> d.metric().startsWith("category"))
                        .forEach(d -> contrasts.add(new Contrast(variant.words(), d))));
      }
    }
    return contrasts;
  }

  private Decodings decodings(Decoded decoded) {
    return new Decodings(decoded, targets, stimuli, recipe.evaluation());
  }

  private Resampling plan(Decoded decoded) {
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
  private record Variant(EvaluationSpec.Repetitions repetitions, String words) {
    Decoding of(Decoding trials) {
      return repetitions == EvaluationSpec.Repetitions.AVERAGE ? trials.averaged() : trials;
    }
  }

  private List<Variant> variants() {
    return recipe.evaluation().repetitions().stream()
        .map(repetitions -> new Variant(repetitions, words(repetitions)))
        .toList();
  }

  /** Where nothing is repeated there is one way. */
  private List<Variant> variants(Decoding trials) {
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

  private Result retrieval(Decodings decodings, Resampling plan, ResponseKind kind) {
    Decoding trials = decodings.trials();
    Optional<Decoding> prompts = decodings.categories();
    // Neighbouring samples of one presentation share their noise: they are no repetitions.
    Optional<RepetitionCeiling> ceiling =
        kind == ResponseKind.SAMPLES ? Optional.empty() : RepetitionCeiling.measure(trials);
    List<Entry> scores = new ArrayList<>();
    List<Variant> variants = variants(trials);
    for (Variant variant : variants) {
      Decoding rows = variant.of(trials);
      double repetitionsPerRow = (double) trials.rows().size() / rows.rows().size();
      Metrics.score(rows, exchange(rows, plan))
          .forEach(
              s -> scores.add(new Entry(variant.words(), limited(s, ceiling, repetitionsPerRow))));
      prompts
          .map(variant::of)
          .ifPresent(
              p ->
                  Metrics.score(p, plan).stream()
                      .filter(s -> s.metric().startsWith("category"))
                      .forEach(s -> scores.add(new Entry(variant.words(), s))));
    }
    Decoding shown = variants.get(0).of(trials);
    return new Result(scores, curves(shown, plan), confusion(shown, prompts), shown);
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
  private Resampling exchange(Decoding rows, Resampling plan) {
    if (rows.setting().target() != Target.CATEGORY || targets.attribute().isPresent()) {
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

  /** Decoded embeddings of single trials, for audits. */
  Embeddings decodedTrials(Decoded decoded) {
    return new Decodings(decoded, targets, stimuli, recipe.evaluation()).trials().decoded();
  }

  private static String words(EvaluationSpec.Repetitions repetitions) {
    return switch (repetitions) {
      case AVERAGE -> "repetitions averaged";
      case SINGLE -> "single trials";
    };
  }
}
