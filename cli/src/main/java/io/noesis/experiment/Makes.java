package io.noesis.experiment;

import io.noesis.experiment.MadeTable.Row;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.report.Report;
import io.noesis.report.ReportPage;
import io.noesis.run.AuditException;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Captions and pictures of a trained run, made after the fact: with the recipe's section, or with
 * other settings. They replace those that the run has, and the run is evaluated anew.
 *
 * <pre>{@code
 * RunFolder run = RunFolder.open(Path.of("out"));
 * Makes makes = Makes.of(run, Execution.in(run.path()));
 * makes.pictures(PicturesSpec.defaults(), "");
 * }</pre>
 */
public final class Makes {
  private final RunFolder run;
  private final Execution execution;
  private final MakingModels models;

  private Makes(RunFolder run, Execution execution, MakingModels models) {
    this.run = run;
    this.execution = execution;
    this.models = models;
  }

  /**
   * Of a trained run.
   *
   * @param run its folder
   * @param execution subjects, threads, the study's folder where its pictures are wanted, audits
   *     that are let through, progress
   * @return the maker
   */
  public static Makes of(RunFolder run, Execution execution) {
    return new Makes(run, execution, PackModels.of(execution));
  }

  static Makes of(RunFolder run, Execution execution, MakingModels models) {
    return new Makes(run, execution, models);
  }

  /**
   * One made thing.
   *
   * @param subject label without {@code sub-}
   * @param stimulus what was shown
   * @param condition what it was made from
   * @param content its caption, or the path of its picture below the run folder
   */
  public record Line(String subject, String stimulus, String condition, String content) {}

  /** The recipe's section of pictures, or the usual settings. */
  public PicturesSpec pictures() {
    return RunFiles.recipe(run).pictures().orElseGet(PicturesSpec::defaults);
  }

  /** The recipe's section of captions, or the usual settings. */
  public CaptionsSpec captions() {
    return RunFiles.recipe(run).captions().orElseGet(CaptionsSpec::defaults);
  }

  /**
   * Makes pictures.
   *
   * @param spec of what and how
   * @param stimulus only this one; empty for those of the section
   * @return what was made, subject by subject
   * @throws io.noesis.run.ModelException when the model takes embeddings of another space
   */
  public List<Line> pictures(PicturesSpec spec, String stimulus) {
    return Parallel.with(
        execution.threads(),
        () -> {
          requireNoLeak();
          MadeRequest request =
              new Making(run, execution, models).pictures(spec, subjects(), stimulus, originals());
          return lines(request);
        });
  }

  /**
   * Makes captions.
   *
   * @param spec of what and how
   * @param stimulus only this one; empty for those of the section
   * @return what was made, subject by subject
   * @throws io.noesis.run.ModelException when the model takes embeddings of another space
   */
  public List<Line> captions(CaptionsSpec spec, String stimulus) {
    return Parallel.with(
        execution.threads(),
        () -> {
          requireNoLeak();
          return lines(new Making(run, execution, models).captions(spec, subjects(), stimulus));
        });
  }

  /**
   * What would be done, in words; opens the model and compares spaces, makes nothing.
   *
   * @param spec of what and how
   * @return one sentence
   */
  public String plan(PicturesSpec spec) {
    try (var generator = models.generator(spec)) {
      if (spec.takesEmbeddings()) {
        new MadeSpaces(
                models,
                Optional.of(RunFiles.recipe(run).targets()),
                TargetTable.read(run).embeddings().space())
            .require(
                "planning pictures with the pack '" + spec.pack() + "'", spec.pack(), generator);
      }
      String from = planned(spec, generator);
      requirePrompts(spec);
      SamplingPlan plan = PictureSampling.plan(spec, generator);
      int most = 0;
      for (String subject : subjects()) {
        most += count(subject, spec.stimuli()) * spec.conditions().size();
      }
      return "would make up to "
          + most
          + " pictures of "
          + subjects().size()
          + " subjects in "
          + plan.steps()
          + " steps with guidance "
          + plan.guidance()
          + ", profile "
          + spec.profile()
          + (spec.beside().isEmpty() ? "" : " (" + spec.beside() + ")")
          + generator.facts().values().stream()
              .map(value -> ", " + value)
              .collect(Collectors.joining())
          + from
          + (spec.prompt() == PicturesSpec.Prompt.NONE
              ? ""
              : ", with captions that were made as prompts")
          + ", on "
          + spec.device()
          + ", model "
          + generator.fingerprint();
    }
  }

  /**
   * What would be done, in words; makes nothing.
   *
   * @param spec of what and how
   * @return one sentence
   */
  public String plan(CaptionsSpec spec) {
    int most = 0;
    for (String subject : subjects()) {
      most += count(subject, spec.stimuli()) * spec.conditions().size();
    }
    return "would make up to "
        + most
        + " captions of "
        + subjects().size()
        + " subjects with '"
        + spec.pack()
        + "', words chosen by "
        + spec.wordSearch().words();
  }

  private void requirePrompts(PicturesSpec spec) {
    long root = Making.seed(spec, RunFiles.recipe(run)).root();
    for (String subject : subjects()) {
      MadePrompts.of(run, subject, spec, root, Progress.NONE);
    }
  }

  /** What pictures will start from beside noise. */
  private String planned(PicturesSpec spec, ImageGenerator generator) {
    try (FurtherInputs further = FurtherInputs.open(run, spec, generator, models)) {
      return spec.start() == PicturesSpec.Start.DECODED ? ", from " + further.startWords() : "";
    }
  }

  private int count(String subject, int stimuli) {
    Decoded decoded = Decoded.read(run, subject);
    int tested =
        (int)
            decoded.rows().stream()
                .map(r -> decoded.trials().get(r.trial()).stimulus())
                .distinct()
                .count();
    return stimuli == 0 ? tested : Math.min(tested, stimuli);
  }

  /**
   * Scores the run anew with what was made, and writes its report.
   *
   * @return the report
   * @throws AuditException when an audit blocks it; the report is written first
   */
  public Report evaluate() {
    return Parallel.with(
        execution.threads(),
        () -> {
          Evaluation evaluation = new Evaluation(run, execution);
          Report report = evaluation.evaluate();
          ReportPage.render(run.file(Evaluation.REPORT), ReportPage.Form.FOLDER);
          evaluation.panel().requireNoBlock("evaluating " + run.path());
          return report;
        });
  }

  private List<String> subjects() {
    List<String> trained =
        run.subjects().stream()
            .filter(s -> run.finished(Decoded.folder(s) + "/training", run.identity()))
            .toList();
    if (trained.isEmpty()) {
      throw new RecipeException(
          "making captions or pictures of "
              + run.path()
              + ": no subject is trained in it. Train first: noesis train.");
    }
    for (String label : execution.subjects()) {
      if (!trained.contains(label)) {
        throw new RecipeException(
            "choosing subjects: the run has no trained subject '"
                + label
                + "'. "
                + Suggest.sentence(label, trained));
      }
    }
    return execution.subjects().isEmpty() ? trained : execution.subjects();
  }

  /** The pictures that were shown: of the study where its folder is given, else the run's own. */
  private StimulusSet originals() {
    DecodingRecipe recipe = RunFiles.recipe(run);
    Optional<Path> root = execution.root().or(recipe.study()::root);
    return root.isPresent()
        ? OpenedStudy.open(recipe.study(), root).study().stimuli()
        : StimulusFile.read(run);
  }

  /** The stretch is fitted on training targets; a split that shows them in test forbids it. */
  private void requireNoLeak() {
    for (String subject : subjects()) {
      Decoded decoded = Decoded.read(run, subject);
      MadeLeaks.require(decoded, StimulusFile.read(run), TargetTable.read(run), execution);
    }
  }

  private List<Line> lines(MadeRequest request) {
    List<Line> lines = new ArrayList<>();
    for (String subject : subjects().stream().filter(s -> request.finished(run, s)).toList()) {
      for (Row row : MadeTable.read(run.file(request.table(subject))).rows()) {
        if (!row.condition().equals(MadeTable.SHOWN)) {
          lines.add(new Line(subject, row.stimulus(), row.condition(), row.content()));
        }
      }
    }
    return lines;
  }
}
