package io.noesis.experiment;

import io.noesis.alignment.audit.Made;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.embedding.SentenceEncoder;
import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.experiment.MadeTable.Row;
import io.noesis.ingest.simulate.stimulus.CaptionWords;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.score.CaptionMetrics;
import io.noesis.reconstruction.score.CaptionSet;
import io.noesis.reconstruction.score.PictureMetrics;
import io.noesis.reconstruction.score.PictureSet;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scores the captions and pictures of one subject from the run folder alone: those decoded from the
 * brain, and in the same way each of the others that stand beside them. The shuffled brain needs no
 * score of its own: it is the null of every score.
 */
final class MadeScoring implements AutoCloseable {
  private final RunFolder run;
  private final StimulusSet stimuli;
  private @Nullable SentenceEncoder sentences;

  /**
   * Of a folder.
   *
   * @param run where things were made
   * @param stimuli what was shown
   */
  MadeScoring(RunFolder run, StimulusSet stimuli) {
    this.run = run;
    this.stimuli = stimuli;
  }

  /** How intervals and nulls of a run's subject are drawn. */
  static Function<String, Resampling> plans(DecodingRecipe recipe, Decoded decoded) {
    return what ->
        new Resampling(
            recipe.evaluation().permutations(),
            recipe.evaluation().bootstraps(),
            Exchange.ANY_UNIT,
            Seed.of(recipe.seed()).child("score").child(what).child("sub-" + decoded.subject()),
            Scoring.training(decoded.folds()));
  }

  /**
   * What was made for one subject, and how good it is.
   *
   * @param request how it was made
   * @param table what was made
   * @param scores by what it was made from; empty where what was shown is not at hand
   * @param likeness of each decoded one to what was shown, by stimulus: what a gallery is ordered
   *     by
   */
  record Result(
      MadeRequest request,
      MadeTable table,
      Map<Condition, List<Score>> scores,
      Map<String, Double> likeness) {
    /** The metric that decides. */
    String primary() {
      return request.what().equals(MadeRequest.CAPTIONS)
          ? CaptionMetrics.PRIMARY
          : request.facts().containsKey(MadeRequest.TOWER)
              ? PictureMetrics.PRIMARY
              : PictureMetrics.WITHOUT_TOWER;
    }

    Optional<Made> forAudits() {
      return scores.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Made(
                  request.what(),
                  primary(),
                  scores,
                  List.of(Made.Input.DECODED_EMBEDDING),
                  1,
                  Made.Choice.FIRST));
    }
  }

  /**
   * Captions first, then pictures, where they were made.
   *
   * @param subject whose
   * @param plans how intervals and nulls are drawn, for captions and for pictures
   */
  List<Result> of(String subject, Function<String, Resampling> plans) {
    List<Result> results = new ArrayList<>();
    for (String what : List.of(MadeRequest.CAPTIONS, MadeRequest.PICTURES)) {
      MadeRequest.read(run, what)
          .filter(request -> request.finished(run, subject))
          .ifPresent(request -> results.add(result(request, subject, plans)));
    }
    return results;
  }

  private Result result(MadeRequest request, String subject, Function<String, Resampling> plans) {
    MadeTable table = MadeTable.read(run.file(request.table(subject)));
    if (table.of(MadeTable.SHOWN).isEmpty() || table.stimuli().size() < 2) {
      return new Result(request, table, Map.of(), Map.of());
    }
    Resampling plan = plans.apply(request.what());
    return request.what().equals(MadeRequest.CAPTIONS)
        ? captions(request, table, plan)
        : pictures(request, table, plan, subject);
  }

  private Result pictures(MadeRequest request, MadeTable table, Resampling plan, String subject) {
    Optional<Tensor> features =
        PictureMaking.hasFeatures(run, request, subject)
            ? Optional.of(Npy.read(run.file(PictureMaking.featureFile(subject))))
            : Optional.empty();
    String tower = request.facts().getOrDefault(MadeRequest.TOWER, "");
    Path attributeFile = run.file(PictureAttributes.file(subject));
    List<Map<String, String>> attributes =
        features.isPresent() && Files.isRegularFile(attributeFile)
            ? PictureAttributes.read(attributeFile)
            : List.of();
    Seen seen = new Seen(features, attributes);
    PictureSet shown =
        pictureSet(table, MadeTable.SHOWN, seen)
            .withAttributes(
                table.of(MadeTable.SHOWN).stream()
                    .map(r -> stimuli.get(r.stimulus()).caption().orElse(""))
                    .map(CaptionWords::attributes)
                    .toList());
    Map<Condition, List<Score>> scores = new EnumMap<>(Condition.class);
    for (Condition condition : scored(table)) {
      PictureSet made = pictureSet(table, condition.key(), seen);
      scores.put(condition, PictureMetrics.score(made, shown, plan, tower));
    }
    double[] likeness =
        PictureMetrics.likeness(pictureSet(table, Condition.DECODED.key(), seen), shown);
    return new Result(request, table, limited(scores), byStimulus(table, likeness));
  }

  /** What a tower made of every row of a table. */
  private record Seen(Optional<Tensor> features, List<Map<String, String>> attributes) {}

  private PictureSet pictureSet(MadeTable table, String condition, Seen seen) {
    int[] rows =
        IntStream.range(0, table.rows().size())
            .filter(r -> table.rows().get(r).condition().equals(condition))
            .toArray();
    List<PixelImage> pictures =
        IntStream.of(rows)
            .mapToObj(r -> PixelImage.read(run.file(table.rows().get(r).content())))
            .toList();
    List<Map<String, String>> attributes =
        seen.attributes().isEmpty()
            ? List.of()
            : IntStream.of(rows).mapToObj(seen.attributes()::get).toList();
    return seen.features()
        .map(f -> new PictureSet(pictures, f.rows(rows), attributes))
        .orElseGet(() -> PictureSet.withoutTower(pictures));
  }

  private Result captions(MadeRequest request, MadeTable table, Resampling plan) {
    CaptionSet shown = captionSet(table, MadeTable.SHOWN);
    Map<Condition, List<Score>> scores = new EnumMap<>(Condition.class);
    for (Condition condition : scored(table)) {
      CaptionSet made = captionSet(table, condition.key());
      scores.put(condition, CaptionMetrics.score(made, shown, plan, sentences().space().model()));
    }
    double[] likeness = CaptionMetrics.likeness(captionSet(table, Condition.DECODED.key()), shown);
    return new Result(request, table, limited(scores), byStimulus(table, likeness));
  }

  /** One for all subjects: loading it takes longer than all that it says of one. */
  private SentenceEncoder sentences() {
    if (sentences == null) {
      sentences = SentenceEncoder.miniLm();
    }
    return sentences;
  }

  @Override
  public void close() {
    if (sentences != null) {
      sentences.close();
    }
  }

  private CaptionSet captionSet(MadeTable table, String condition) {
    List<Row> rows = table.of(condition);
    List<String> captions = rows.stream().map(Row::content).toList();
    List<String> ids = IntStream.range(0, rows.size()).mapToObj(i -> "row-" + i).toList();
    // An empty sentence has no words to embed; a full stop has one that says nothing.
    List<String> spoken = captions.stream().map(c -> c.isBlank() ? "." : c).toList();
    return CaptionSet.ofSeveral(
        rows.stream().map(this::captions).toList(),
        sentences().encode(ids, spoken).values(),
        rows.stream().map(r -> stimuli.get(r.stimulus()).category()).toList());
  }

  /** All that is true of a stimulus; what was made is one. */
  private List<String> captions(Row row) {
    return row.condition().equals(MadeTable.SHOWN)
        ? stimuli.get(row.stimulus()).captions()
        : List.of(row.content());
  }

  private static List<Condition> scored(MadeTable table) {
    return table.conditions().stream().filter(c -> c != Condition.SHUFFLED).toList();
  }

  /** The decoded ones' scores with what the true embeddings reach as their ceiling. */
  private static Map<Condition, List<Score>> limited(Map<Condition, List<Score>> scores) {
    Map<String, Double> best = new LinkedHashMap<>();
    scores
        .getOrDefault(Condition.CEILING, List.of())
        .forEach(score -> best.put(score.metric(), score.value()));
    scores.computeIfPresent(
        Condition.DECODED,
        (condition, list) ->
            list.stream()
                .map(
                    s -> {
                      Double ceiling = best.get(s.metric());
                      return ceiling == null ? s : s.withCeiling(ceiling);
                    })
                .toList());
    return scores;
  }

  private static Map<String, Double> byStimulus(MadeTable table, double[] likeness) {
    Map<String, Double> by = new LinkedHashMap<>();
    List<String> ids = table.stimuli();
    for (int i = 0; i < ids.size(); i++) {
      by.put(ids.get(i), likeness[i]);
    }
    return by;
  }

  /** The value of a metric. */
  static OptionalDouble value(List<Score> scores, String metric) {
    return scores.stream()
        .filter(s -> s.metric().equals(metric))
        .mapToDouble(Score::value)
        .findFirst();
  }
}
