package io.noesis.experiment;

import io.noesis.alignment.embedding.AttributeTargets;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.score.Decoding;
import io.noesis.alignment.score.Similarity;
import io.noesis.alignment.score.Target;
import io.noesis.alignment.score.TripleScores;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Trial;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Puts the decoded rows of one subject beside what was true, as metrics want it. */
final class Decodings {
  private final Decoded decoded;
  private final TargetTable targets;
  private final StimulusSet stimuli;
  private final EvaluationSpec spec;
  private final List<TargetTable> ofFolds;

  /**
   * @param decoded what was decoded
   * @param targets of all folds, or of the first
   * @param ofFolds the same where each fold has a space of its own; empty where all share one
   * @param stimuli of the study
   * @param spec how it is scored
   */
  Decodings(
      Decoded decoded,
      TargetTable targets,
      List<TargetTable> ofFolds,
      StimulusSet stimuli,
      EvaluationSpec spec) {
    this.decoded = decoded;
    this.targets = targets;
    this.ofFolds = ofFolds;
    this.stimuli = stimuli;
    this.spec = spec;
  }

  /** All decoded trials against the pool of the recipe, one row per trial. */
  Decoding trials() {
    Embeddings pool = pool();
    Target target = targets.unit() == TargetUnit.CATEGORY ? Target.CATEGORY : Target.ITEM;
    String rule =
        target == Target.CATEGORY
            ? "pool: all " + pool.size() + " categories"
            : spec.pool() == EvaluationSpec.Pool.ALL
                ? "pool: all stimuli of the study"
                : "pool: all test stimuli";
    Map<String, Embeddings> pools = new LinkedHashMap<>();
    for (int fold = 0; fold < ofFolds.size(); fold++) {
      pools.put(foldName(fold), ofFolds.get(fold).embeddings().select(pool.ids()));
    }
    return decoding(all(), pool, target, spec.similarity(), rule).withPools(pools);
  }

  /**
   * Against the concepts of attributes: the largest logit says which, and of several the largest
   * sum of logarithms of shares.
   */
  Decoding ofConcepts(List<TargetTable> attributes) {
    List<String> columns = attributes.stream().map(a -> a.attribute().orElseThrow()).toList();
    Embeddings pool =
        attributes.size() == 1
            ? attributes.get(0).categories().orElseThrow()
            : AttributeTargets.combinations(
                attributes.stream().map(a -> a.categories().orElseThrow()).toList());
    return decoding(
        all(),
        pool,
        Target.CATEGORY,
        Similarity.COSINE,
        "pool: all " + pool.size() + " concepts of " + String.join(", ", columns),
        trial -> combination(attributes, trial.stimulus()));
  }

  /** What a stimulus is of several attributes, as candidates are named. */
  static String combination(List<TargetTable> attributes, String stimulus) {
    return attributes.stream()
        .map(attribute -> attribute.concept(stimulus))
        .collect(Collectors.joining(", "));
  }

  /** The same where only combinations that were shown need candidates: {@link TripleScores}. */
  Decoding ofTriples(List<TargetTable> attributes) {
    Map<String, float[]> shown = new LinkedHashMap<>();
    for (Decoded.Row row : decoded.rows()) {
      String stimulus = decoded.trials().get(row.trial()).stimulus();
      shown.computeIfAbsent(
          combination(attributes, stimulus),
          triple -> {
            List<Tensor> own =
                attributes.stream()
                    .map(a -> a.embeddings().select(List.of(stimulus)).values())
                    .toList();
            return Slots.beside(own).array();
          });
    }
    Tensor[] rows =
        shown.values().stream().map(row -> Tensor.wrap(row, 1, row.length)).toArray(Tensor[]::new);
    List<String> columns = attributes.stream().map(a -> a.attribute().orElseThrow()).toList();
    return decoding(
        all(),
        new Embeddings(
            AttributeTargets.combined(decoded.values().dim(1)),
            List.copyOf(shown.keySet()),
            Tensor.concatenate(rows)),
        Target.CATEGORY,
        Similarity.COSINE,
        "all triples of " + String.join(", ", columns) + " by sums of log-shares",
        trial -> combination(attributes, trial.stimulus()));
  }

  /** The same trials against category prompts, where targets are stimuli of named categories. */
  Optional<Decoding> categories() {
    return targets
        .categories()
        .map(
            prompts ->
                decoding(
                    all(),
                    prompts,
                    Target.CATEGORY,
                    spec.similarity(),
                    "pool: prompts of all " + prompts.size() + " categories"));
  }

  /** One decoding per fold, each against the categories that the fold left out. */
  List<Decoding> leftOut() {
    List<Decoding> folds = new ArrayList<>();
    for (int f = 0; f < decoded.folds().size(); f++) {
      int fold = f;
      int[] rows =
          IntStream.range(0, decoded.rows().size())
              .filter(r -> decoded.rows().get(r).fold() == fold)
              .toArray();
      Set<String> out = new LinkedHashSet<>();
      for (int row : rows) {
        out.add(trial(row).category());
      }
      folds.add(
          decoding(
              rows,
              targets.embeddings().select(out),
              Target.CATEGORY,
              spec.similarity(),
              "pool: the " + out.size() + " categories left out"));
    }
    return folds;
  }

  private int[] all() {
    return IntStream.range(0, decoded.rows().size()).toArray();
  }

  private Trial trial(int row) {
    return decoded.trials().get(decoded.rows().get(row).trial());
  }

  private Embeddings pool() {
    if (targets.unit() == TargetUnit.CATEGORY || spec.pool() == EvaluationSpec.Pool.ALL) {
      return targets.embeddings();
    }
    Set<String> tested = new LinkedHashSet<>();
    for (Decoded.Row row : decoded.rows()) {
      tested.add(decoded.trials().get(row.trial()).stimulus());
    }
    return targets.embeddings().select(tested);
  }

  private Decoding decoding(
      int[] which, Embeddings pool, Target target, Similarity similarity, String rule) {
    return decoding(
        which,
        pool,
        target,
        similarity,
        rule,
        trial -> target == Target.CATEGORY ? trial.category() : trial.stimulus());
  }

  private Decoding decoding(
      int[] which,
      Embeddings pool,
      Target target,
      Similarity similarity,
      String rule,
      Function<Trial, String> truth) {
    List<Decoding.Row> rows = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int r : which) {
      Trial trial = trial(r);
      String fold = foldName(decoded.rows().get(r).fold());
      ids.add("trial-" + decoded.rows().get(r).trial() + "/" + fold);
      rows.add(new Decoding.Row(truth.apply(trial), trial.stimulus(), trial.recording(), fold));
    }
    List<String> folds = decoded.folds().stream().map(Split::name).toList();
    return new Decoding(
            new Embeddings(pool.space(), ids, decoded.values().rows(which)),
            rows,
            pool,
            pool.ids().stream().map(id -> "").toList(),
            new Embeddings(pool.space(), folds, decoded.trainingMeans()),
            new Decoding.Setting(similarity, target, "stimulus", rule))
        .withCategories(target == Target.CATEGORY ? Map.of() : categoryOfStimulus());
  }

  private String foldName(int fold) {
    return decoded.folds().get(fold).name();
  }

  private Map<String, String> categoryOfStimulus() {
    Map<String, String> categories = new LinkedHashMap<>();
    for (Stimulus stimulus : stimuli.all()) {
      categories.put(stimulus.id(), stimulus.category());
    }
    return categories;
  }
}
