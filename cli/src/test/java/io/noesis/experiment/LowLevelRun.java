package io.noesis.experiment;

import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.report.Report;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A run of one simulated person whose low-level latents are decoded beside image embeddings, made
 * once per process for all tests of further targets. They read it, and change copies of their own.
 */
final class LowLevelRun {
  private static final Path FOLDER = Folders.ofThisProcess("low-level-run");

  static final Path STUDY = FOLDER.resolve("study");

  private static final Path FIRST = FOLDER.resolve("first");

  static {
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(1, 80)
                .withPictures(new PicturePlan(72, 1, 12, 3, 32))
                .withSignal(
                    new SignalPlan(0.8, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
            Seed.of(3))
        .write(STUDY, Existing.KEEP, Progress.NONE);
  }

  private LowLevelRun() {}

  /** Made when it is first asked for. */
  private static final class Made {
    static final Report REPORT = new Experiment(recipe(), execution(FIRST)).run();
  }

  static Report report() {
    return Made.REPORT;
  }

  static Path first() {
    report();
    return FIRST;
  }

  static DecodingRecipe recipe(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "evaluation.gallery=4",
                "pictures.stimuli=6",
                "pictures.steps=3",
                "pictures.conditions=[decoded, shuffled, mean, ceiling]"));
    all.addAll(List.of(more));
    return DecodingRecipe.of(Recipes.tree("simulated-low-level", all));
  }

  static PicturesSpec pictures(String... more) {
    return recipe(more).pictures().orElseThrow();
  }

  static Execution execution(Path out) {
    return Execution.in(out)
        .withRoot(STUDY)
        .withThreads(2)
        .withPlaces(KeptEmbeddings.places())
        .withAllowed(Set.of("NO-SIGNAL", "GENERATOR-PRIOR"));
  }

  static Path copy(Path to) throws IOException {
    return Folders.copy(first(), to, file -> true);
  }

  static MadeTable table(Path run) {
    return MadeTable.read(run.resolve("sub-01/pictures.tsv"));
  }
}
