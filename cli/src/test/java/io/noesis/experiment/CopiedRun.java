package io.noesis.experiment;

import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.Report;
import io.noesis.report.ReportPage;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run of two simulated people with captions and pictures of {@link CopyingModels}, made once per
 * process for all tests of such runs. They read it, and change copies of their own.
 */
final class CopiedRun {
  static final int TESTED = 12;

  private static final Path FOLDER = Folders.ofThisProcess("copied-run");
  private static final Path STUDY = FOLDER.resolve("study");

  static final Path FIRST = FOLDER.resolve("first");
  static final StimulusSet STIMULI;
  static final CopyingModels MODELS;
  static final Report REPORT;

  static {
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(2, 60)
                .withPictures(new PicturePlan(60, 1, TESTED, 2, 32))
                .withSignal(
                    new SignalPlan(0.7, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
            Seed.of(3))
        .write(STUDY, Existing.KEEP, Progress.NONE);
    DecodingRecipe recipe = recipe();
    OpenedStudy opened = OpenedStudy.open(recipe.study(), Optional.of(STUDY));
    STIMULI = opened.study().stimuli();
    MODELS =
        new CopyingModels(
            TargetTable.make(
                    recipe.targets(), opened.study(), KeptEmbeddings.places(), Progress.NONE)
                .embeddings(),
            STIMULI);
    REPORT = new Experiment(recipe, execution(FIRST, 2), MODELS).run();
  }

  private CopiedRun() {}

  static DecodingRecipe recipe(String... more) {
    List<String> overrides =
        Stream.concat(
                Stream.of(
                    "evaluation.permutations=199",
                    "evaluation.bootstraps=99",
                    "evaluation.gallery=4",
                    "pictures.pack=copying",
                    "captions.pack=copying"),
                Arrays.stream(more))
            .toList();
    return DecodingRecipe.of(Recipes.tree("simulated", overrides));
  }

  static PicturesSpec pictures(String... more) {
    return recipe(more).pictures().orElseThrow();
  }

  static Execution execution(Path out, int threads) {
    return Execution.in(out)
        .withRoot(STUDY)
        .withThreads(threads)
        .withPlaces(KeptEmbeddings.places());
  }

  static MadeTable table(Path run, String what, String subject) {
    return MadeTable.read(run.resolve("sub-" + subject + "/" + what + ".tsv"));
  }

  /** A copy of the run with its decoded embeddings, as if nothing had been made of them yet. */
  static Path trained(Path copy) throws IOException {
    return Folders.copy(
        FIRST,
        copy,
        relative ->
            !relative.matches("(sub-../)?(pictures|captions)[./].*")
                || relative.matches("pictures/[0-9]+-.*"));
  }

  static Making making(Path run, Execution execution) {
    return new Making(RunFolder.open(run), execution, MODELS);
  }

  static Makes makes(Path run) {
    return Makes.of(RunFolder.open(run), execution(run, 2), MODELS);
  }

  static void evaluate(Path run) {
    new Evaluation(RunFolder.open(run), execution(run, 2)).evaluate();
    ReportPage.render(run.resolve("report.json"), ReportPage.Form.FOLDER);
  }
}
