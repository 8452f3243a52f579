package io.noesis.experiment;

import io.noesis.encoders.BrainEncoder;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;

/** Fits every fold of one subject and decodes its test trials. */
final class Training {
  private final DecodingRecipe recipe;
  private final RunFolder run;
  private final Execution execution;
  private final Progress progress;
  private final Lineages lineages;

  Training(
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

  /**
   * Trains and decodes; weights are written as each fold ends.
   *
   * @param subject its rows
   * @return the decoded test rows
   */
  Decoded train(SubjectWork subject) {
    int folds = subject.folds().size();
    FoldProgress stage = new FoldProgress(progress, "sub-" + subject.label() + ": training", folds);
    FoldTraining training = new FoldTraining(run, execution, stage);
    for (int f = 0; f < folds; f++) {
      FoldRows rows = subject.rows(f);
      FoldTraining.Task task =
          new FoldTraining.Task(
              Decoded.decoderPlace(Decoded.folder(subject.label()), f),
              recipe.encoder(),
              seed(recipe, subject.label(), subject.folds().get(f).name()),
              lineages.metadata(subject, f));
      FoldTraining.Trainers start =
          PretrainedStart.of(
              run,
              task,
              new PretrainedStart.Rows(
                  rows.train(), rows::withTestUnlabelled, lineages, subject.label(), f, progress));
      BrainEncoder encoder = training.kept(task, () -> training.fit(task, rows, start));
      PretrainedStart.fit(recipe, subject.folds().get(f)).ifPresent(subject::fitted);
      subject.decode(f, rows, encoder, by -> decoded(training, task, by, rows, subject.label()));
      subject.heads(encoder, rows);
      CaptionedHead.keep(run, recipe, subject, encoder, rows);
      subject.exchanged(f, encoder, rows);
      new Ablating(run, recipe)
          .decode(
              subject,
              f,
              rows,
              encoder,
              test -> EncoderPrior.drawn(training, task, run, encoder, rows.train(), test));
      if (RidgeBeside.belongs(recipe.encoder())) {
        new RidgeBeside(run, execution, recipe.encoder())
            .decode(subject.label(), f, rows.train(), rows);
      }
    }
    Decoded decoded = subject.end(run);
    stage.done(decoded.inWords());
    return decoded;
  }

  private EncoderPrior.Drawn decoded(
      FoldTraining training,
      FoldTraining.Task task,
      BrainEncoder encoder,
      FoldRows rows,
      String subject) {
    Tensor values = encoder.encode(rows.test(), subject, rows.told());
    EncoderPrior.Test test = new EncoderPrior.Test(subject, rows.test(), values, task.seed());
    return EncoderPrior.drawn(training, task, run, encoder, rows.train(), test);
  }

  /** The root of one fold's randomness. */
  static Seed seed(DecodingRecipe recipe, String subject, String fold) {
    return Seed.of(recipe.seed()).child("encoder").child("sub-" + subject).child(fold);
  }
}
