package io.noesis.experiment;

import io.noesis.alignment.audit.StimulusTwins;
import io.noesis.alignment.train.Lineage;
import io.noesis.encoders.Recorded;
import io.noesis.encoders.TrainingRows;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Responses of people other than the decoded subject, on which a network is pretrained: the other
 * subjects' training trials of the same fold, or all trials of another study. Each person's are
 * prepared alone, as the recipe prepares those that are decoded. Not thread-safe.
 */
final class PretrainingSource {
  private final DecodingRecipe recipe;
  private final Study study;
  private final List<String> subjects;

  /** Splits of the decoded study; empty where another one is used, whole. */
  private final Map<String, List<Split>> folds;

  private final Optional<ChosenVoxels> voxels;
  private final Map<String, SubjectResponses> read = new HashMap<>();
  private @Nullable StimulusTwins twins;

  private PretrainingSource(
      DecodingRecipe recipe,
      Study study,
      List<String> subjects,
      Map<String, List<Split>> folds,
      Optional<ChosenVoxels> voxels) {
    this.recipe = recipe;
    this.study = study;
    this.subjects = subjects;
    this.folds = folds;
    this.voxels = voxels;
  }

  /**
   * The source that a recipe names.
   *
   * @param recipe what may change a result
   * @param decoded the study that is decoded
   * @param folds its splits
   * @param root folder of the decoded study: that of another one is relative to it
   * @param voxels of the decoded study that are used; empty for all
   * @return empty where a network is pretrained on what it is aligned on, or not at all
   * @throws RecipeException when there is nobody else, or the other study cannot be opened
   */
  static Optional<PretrainingSource> of(
      DecodingRecipe recipe,
      Study decoded,
      Map<String, List<Split>> folds,
      Path root,
      Optional<ChosenVoxels> voxels) {
    if (recipe.encoder().pretraining().isEmpty()) {
      return Optional.empty();
    }
    PretrainingSpec spec = recipe.encoder().pretraining().get();
    return switch (spec.rows()) {
      case TRAINING, ALL_TRIALS, PUBLISHED -> Optional.empty();
      case OTHER_SUBJECTS -> {
        if (folds.size() < 2) {
          throw new RecipeException(
              "planning: encoder.pretraining.rows is other-subjects, but only "
                  + folds.keySet()
                  + " takes part. Choose more subjects, or set it to training.");
        }
        JointTraining.requireEqualFolds(folds);
        yield Optional.of(
            new PretrainingSource(recipe, decoded, List.copyOf(folds.keySet()), folds, voxels));
      }
      case OTHER_STUDY -> {
        StudySpec other = spec.study().orElseThrow();
        OpenedStudy opened = OpenedStudy.open(other, other.root().map(root::resolve));
        List<String> chosen = opened.subjects(other.subjects(), List.of());
        yield Optional.of(
            new PretrainingSource(recipe, opened.study(), chosen, Map.of(), Optional.empty()));
      }
    };
  }

  /** Part of the identity of a run: the data of another study belong to it. */
  String identity() {
    return folds.isEmpty() ? "pretraining " + study.fingerprint() + "\n" : "";
  }

  /** About how many bytes reading one more person takes. */
  long memoryBytes() {
    return subjects.stream().mapToLong(study::memoryBytes).sum();
  }

  /** Who teaches when that subject is decoded. */
  private List<String> teachers(String decoded) {
    return subjects.stream().filter(label -> folds.isEmpty() || !label.equals(decoded)).toList();
  }

  private int[] rows(String teacher, int fold) {
    return folds.isEmpty()
        ? IntStream.range(0, study.trials(teacher).trials().size()).toArray()
        : Objects.requireNonNull(folds.get(teacher)).get(fold).rows(Split.Part.TRAIN);
  }

  /**
   * What pretraining has seen.
   *
   * @param run identity of the run
   * @param decoded label of the subject that is decoded afterwards
   * @param fold its number
   * @param own by which stimuli of the decoded study are known
   */
  Lineage lineage(String run, String decoded, int fold, StimulusTwins own) {
    StimulusTwins known = folds.isEmpty() ? twins() : own;
    TreeSet<String> stimuli = new TreeSet<>();
    for (String teacher : teachers(decoded)) {
      TrialTable trials = study.trials(teacher);
      for (int row : rows(teacher, fold)) {
        stimuli.add(known.fingerprint(trials.get(row).stimulus()));
      }
    }
    List<String> names =
        teachers(decoded).stream().map(label -> study.card().name() + "/" + label).toList();
    return Lineage.of(run, names, stimuli);
  }

  private StimulusTwins twins() {
    if (twins == null) {
      twins = StimulusTwins.find(study.stimuli(), Progress.NONE);
    }
    return twins;
  }

  /** Whose responses, in words: "simulated/02, simulated/03". */
  String words(String decoded) {
    return study.card().name()
        + "/"
        + String.join(", " + study.card().name() + "/", teachers(decoded));
  }

  /**
   * Reads and prepares them.
   *
   * @param decoded label of the subject that is decoded afterwards
   * @param fold its number
   * @param progress hears of each person that is read
   * @return rows without targets, of people with more voxels or channels than others filled up
   */
  TrainingRows rows(String decoded, int fold, Progress progress) {
    Map<String, TrainingRows> parts = new LinkedHashMap<>();
    for (String teacher : teachers(decoded)) {
      SubjectResponses responses =
          read.computeIfAbsent(teacher, label -> responses(label, progress));
      int[] rows = rows(teacher, fold);
      Tensor prepared = new ResponsePreparation(recipe.responses(), responses).alone(rows);
      Recorded recorded = Recorded.ofOne(rows.length, prepared.dim(1)).at(responses.positions());
      parts.put(
          teacher,
          new TrainingRows(
              prepared, Tensor.zeros(rows.length, 1), groups(responses, rows), recorded));
    }
    requireOneLength(parts);
    return TrainingRows.join(parts);
  }

  private SubjectResponses responses(String label, Progress progress) {
    SubjectResponses all = study.responses(label, progress);
    return voxels.map(v -> v.of(all)).orElse(all);
  }

  /** What is kept aside together to measure by: recordings, or stimuli where there is only one. */
  private static List<String> groups(SubjectResponses responses, int[] rows) {
    List<Trial> trials = Arrays.stream(rows).mapToObj(responses.trials()::get).toList();
    boolean several = trials.stream().map(Trial::recording).distinct().count() > 1;
    return trials.stream()
        .map(
            trial ->
                several
                    ? responses.subject() + " " + trial.recording()
                    : "stimulus " + trial.stimulus())
        .toList();
  }

  private static void requireOneLength(Map<String, TrainingRows> parts) {
    Map<String, List<Integer>> axes = new LinkedHashMap<>();
    parts.forEach(
        (teacher, rows) ->
            axes.put(
                teacher,
                Arrays.stream(rows.responses().shape().toArray()).skip(2).boxed().toList()));
    if (axes.values().stream().distinct().count() > 1) {
      throw new RecipeException(
          "pretraining on several people: their epochs have different lengths, "
              + axes
              + " samples. Set responses.window, so that all are cut alike.");
    }
  }
}
