package io.noesis.experiment;

import io.noesis.alignment.train.Lineage;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.AdapterStart;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.ingest.study.Split;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Fits encoders on the training trials of several subjects and decodes each one's test trials. */
final class JointTraining {
  private final DecodingRecipe recipe;
  private final RunFolder run;
  private final Execution execution;
  private final Progress progress;
  private final Lineages lineages;

  JointTraining(
      DecodingRecipe recipe,
      RunFolder run,
      Execution execution,
      Progress progress,
      Lineages lineages) {
    this.recipe = recipe;
    this.run = run;
    this.execution = execution;
    this.progress = progress;
    this.lineages = lineages;
  }

  /** Folds of one subject are those of all: the k-th ones are trained together. */
  static void requireEqualFolds(Map<String, List<Split>> folds) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    folds.forEach((subject, splits) -> counts.put(subject, splits.size()));
    if (counts.values().stream().distinct().count() > 1) {
      throw new RecipeException(
          "planning: subjects that are trained together need equally many folds, found "
              + counts
              + ". Split by stimulus, or set split.folds.");
    }
  }

  /**
   * Trains and decodes; weights are written as each fold ends.
   *
   * @param subjects everybody's rows
   * @return what was decoded of each
   */
  List<Decoded> train(List<SubjectWork> subjects) {
    boolean others = recipe.encoder().subjects() == EncoderSpec.Subjects.OTHERS;
    int folds = subjects.get(0).folds().size();
    FoldProgress stage =
        new FoldProgress(
            progress,
            (others ? "training on the others of " : "training ") + subjects.size() + " subjects",
            others ? folds * subjects.size() : folds);
    FoldTraining training = new FoldTraining(run, execution, stage);
    for (int f = 0; f < folds; f++) {
      Map<String, FoldRows> rows = rows(subjects, f);
      fitted(subjects, f);
      if (others) {
        for (SubjectWork subject : subjects) {
          leavingOut(training, subject, subjects, f, rows);
        }
      } else {
        together(training, subjects, f, rows);
      }
    }
    List<Decoded> decoded = subjects.stream().map(subject -> subject.end(run)).toList();
    stage.done(decoded.stream().mapToInt(d -> d.rows().size()).sum() + " trials decoded");
    return decoded;
  }

  private Map<String, FoldRows> rows(List<SubjectWork> subjects, int fold) {
    Map<String, FoldRows> rows = new LinkedHashMap<>();
    subjects.forEach(subject -> rows.put(subject.label(), subject.rows(fold)));
    return rows;
  }

  private void together(
      FoldTraining training, List<SubjectWork> subjects, int fold, Map<String, FoldRows> rows) {
    Map<String, FoldRows> aligned = aligned(rows, subjects);
    TrainingRows all = joined(aligned);
    FoldTraining.Task task =
        new FoldTraining.Task(
            Decoded.decoderPlace("", fold),
            recipe.encoder(),
            seed("together", subjects.get(0).folds().get(fold)),
            metadata(subjects, fold));
    BrainEncoder encoder = training.kept(task, () -> fit(training, task, fold, all, aligned));
    Path template = run.file(Decoded.templateFile("", fold));
    if (!Files.isRegularFile(template)) {
      AdapterStart.write(encoder, all, template);
    }
    for (SubjectWork subject : subjects) {
      PretrainedStart.fit(recipe, subject.folds().get(fold)).ifPresent(subject::fitted);
      FoldRows own = own(aligned, subject);
      subject.decode(
          fold,
          own,
          encoder,
          by -> EncoderPrior.drawn(training, task, run, by, all, test(by, subject, own, fold)));
      subject.heads(encoder, own);
      CaptionedHead.keep(run, recipe, subject, encoder, own);
      subject.exchanged(fold, encoder, own);
      ablate(
          subject,
          fold,
          own,
          encoder,
          t -> EncoderPrior.drawn(training, task, run, encoder, all, t));
      beside(subject, fold, own.train(), own);
    }
  }

  private void leavingOut(
      FoldTraining training,
      SubjectWork subject,
      List<SubjectWork> subjects,
      int fold,
      Map<String, FoldRows> rows) {
    List<SubjectWork> teachers = new ArrayList<>(subjects);
    teachers.remove(subject);
    Map<String, FoldRows> aligned = aligned(rows, teachers);
    requireOneSpace(aligned);
    Map<String, FoldRows> seen = new LinkedHashMap<>(aligned);
    seen.remove(subject.label());
    FoldTraining.Task task =
        new FoldTraining.Task(
            Decoded.decoderPlace(Decoded.folder(subject.label()), fold),
            recipe.encoder(),
            seed("others than sub-" + subject.label(), subject.folds().get(fold)),
            metadata(teachers, fold));
    TrainingRows all = joined(seen);
    BrainEncoder encoder = training.kept(task, () -> fit(training, task, fold, all, seen));
    FoldRows own = own(aligned, subject);
    subject.decode(
        fold,
        own,
        encoder,
        by -> EncoderPrior.drawn(training, task, run, by, all, test(by, subject, own, fold)));
    subject.heads(encoder, own);
    CaptionedHead.keep(run, recipe, subject, encoder, own);
    subject.exchanged(fold, encoder, own);
    ablate(
        subject, fold, own, encoder, t -> EncoderPrior.drawn(training, task, run, encoder, all, t));
    beside(subject, fold, all, own);
  }

  private void ablate(
      SubjectWork subject,
      int fold,
      FoldRows own,
      BrainEncoder encoder,
      Function<EncoderPrior.Test, EncoderPrior.Drawn> prior) {
    new Ablating(run, recipe).decode(subject, fold, own, encoder, prior);
  }

  private EncoderPrior.Test test(
      BrainEncoder encoder, SubjectWork subject, FoldRows own, int fold) {
    return new EncoderPrior.Test(
        subject.label(),
        own.test(),
        encoder.encode(own.test(), subject.label(), own.told()),
        Training.seed(recipe, subject.label(), subject.folds().get(fold).name()));
  }

  /**
   * Ridge beside a network: of the subject's own trials where they may be seen, since voxels may
   * differ between subjects, else of those that the network was trained on.
   */
  private void beside(SubjectWork subject, int fold, TrainingRows seen, FoldRows own) {
    if (RidgeBeside.belongs(recipe.encoder())) {
      new RidgeBeside(run, execution, recipe.encoder()).decode(subject.label(), fold, seen, own);
    }
  }

  private BrainEncoder fit(
      FoldTraining training,
      FoldTraining.Task task,
      int fold,
      TrainingRows all,
      Map<String, FoldRows> rows) {
    Supplier<TrainingRows> both =
        () -> {
          Map<String, TrainingRows> parts = new LinkedHashMap<>();
          rows.forEach((subject, own) -> parts.put(subject, own.withTestUnlabelled()));
          return TrainingRows.join(parts);
        };
    String first = rows.keySet().iterator().next();
    PretrainedStart.Rows seen =
        new PretrainedStart.Rows(all, both, lineages, first, fold, progress);
    return training.fit(task, all, PretrainedStart.of(run, task, seen));
  }

  private Map<String, FoldRows> aligned(Map<String, FoldRows> rows, List<SubjectWork> teachers) {
    List<String> labels = teachers.stream().map(SubjectWork::label).toList();
    return recipe
        .responses()
        .alignment()
        .map(spec -> new AlignedRows(spec).of(rows, labels))
        .orElse(rows);
  }

  private void fitted(List<SubjectWork> subjects, int fold) {
    recipe
        .responses()
        .alignment()
        .ifPresent(
            spec ->
                subjects.forEach(
                    subject -> subject.fitted(new AlignedRows(spec).fit(subject, fold))));
  }

  private static FoldRows own(Map<String, FoldRows> rows, SubjectWork subject) {
    return java.util.Objects.requireNonNull(rows.get(subject.label()));
  }

  private Seed seed(String whose, Split fold) {
    return Seed.of(recipe.seed()).child("encoder").child(whose).child(fold.name());
  }

  private Map<String, String> metadata(List<SubjectWork> subjects, int fold) {
    Lineage lineage = lineages.lineage(subjects, fold);
    String labels = subjects.stream().map(SubjectWork::label).collect(Collectors.joining(", "));
    return lineages.metadata(lineage, subjects.get(0).folds().get(fold), labels);
  }

  private TrainingRows joined(Map<String, FoldRows> rows) {
    Map<String, TrainingRows> parts = new LinkedHashMap<>();
    rows.forEach((subject, own) -> parts.put(subject, own.train()));
    TrainingRows all = TrainingRows.join(parts);
    NetworkSizes sizes = NetworkSizes.of(all);
    boolean equal = sizes.widths().stream().distinct().count() == 1;
    if (!equal
        && !Architectures.adaptsToSubjects(
            recipe.encoder().architecture(), recipe.encoder().settings(), sizes)) {
      throw new RecipeException(
          "training subjects together: they have "
              + voxels(all.recorded().widths())
              + " voxels, and "
              + recipe.encoder().architecture()
              + " has no weights of each subject's own and does not go by where voxels lie. Use an"
              + " architecture that adapts to subjects (noesis describe architectures), align the responses (responses.alignment), or"
              + " set encoder.subjects to each.");
    }
    return all;
  }

  private static void requireOneSpace(Map<String, FoldRows> rows) {
    Map<String, Integer> widths = new LinkedHashMap<>();
    Set<List<List<Double>>> places = new HashSet<>();
    rows.forEach(
        (subject, own) -> {
          widths.put(subject, own.test().dim(1));
          places.add(own.train().recorded().positions());
        });
    boolean epochs = rows.values().stream().anyMatch(own -> own.test().shape().rank() > 2);
    boolean elsewhere = !epochs && places.size() > 1;
    if (elsewhere || widths.values().stream().distinct().count() > 1) {
      throw new RecipeException(
          "decoding subjects by what others taught: they have "
              + voxels(widths)
              + " voxels"
              + (elsewhere ? " in different places" : "")
              + ", so the weights of one mean nothing for another. Give a study whose"
              + " subjects share a space, or align the responses (responses.alignment).");
    }
  }

  private static String voxels(Map<String, Integer> widths) {
    return widths.entrySet().stream()
        .map(entry -> entry.getValue() + " (sub-" + entry.getKey() + ")")
        .collect(Collectors.joining(", "));
  }
}
