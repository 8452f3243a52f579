package io.noesis.cli;

import io.noesis.alignment.audit.AuditPanel;
import io.noesis.experiment.DecodingRecipe;
import io.noesis.experiment.Execution;
import io.noesis.experiment.Experiment;
import io.noesis.experiment.Recipes;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.Leak;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.report.Report;
import io.noesis.report.ReportText;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code noesis demo}: the whole job on a simulated study, then a leaky one that is rejected. */
@Command(
    name = "demo",
    description =
        "Simulate a study, retrieve, caption and reconstruct what two simulated people saw, write"
            + " the report; then show that the audits reject a leaky copy of the study. Needs no data and no network.")
final class DemoCommand implements Callable<Integer> {
  /** Enough to show the fault, little to wait for. */
  private static final PicturePlan LEAKY_PICTURES = new PicturePlan(48, 1, 24, 2, 64);

  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where study, run and report go (default: ${DEFAULT-VALUE}).")
  Path out = Path.of("noesis-demo");

  @Option(names = "--seed", description = "Root of all randomness (default: ${DEFAULT-VALUE}).")
  long seed = 1;

  @Option(
      names = "--nprocs",
      paramLabel = "N",
      converter = AtLeast.One.class,
      description = "Threads (default: all processors).")
  int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    PrintWriter print = spec.commandLine().getOut();
    Progress progress = common.progress(spec);
    Path study = out.resolve("study");
    simulate(SimulationSpec.defaults(), study, progress);
    Path run = out.resolve("run");
    Experiment experiment = new Experiment(recipe(), execution(run, study, progress));
    Report report = experiment.run();
    print.print(ReportText.of(report));
    print.println("report: " + experiment.page());
    print.println();
    leakyTwin(print, progress);
    print.flush();
    return 0;
  }

  private void leakyTwin(PrintWriter print, Progress progress) {
    Path study = out.resolve("leaky-study");
    simulate(
        SimulationSpec.defaults()
            .withSize(1, 60)
            .withPictures(LEAKY_PICTURES)
            .withLeak(Leak.DUPLICATE_PIXELS),
        study,
        progress);
    AuditPanel panel =
        new Experiment(recipe(), execution(out.resolve("leaky-run"), study, Progress.NONE)).check();
    print.println("The leaky twin (test pictures that are also in training, under other names):");
    AuditLines.print(panel, print);
    if (panel.blocking().isEmpty()) {
      throw new IllegalStateException("the audits let the leaky study of the demo pass");
    }
    print.println("rejected, as it should be: 'noesis run' on it would end with exit code 4.");
  }

  private void simulate(SimulationSpec plan, Path folder, Progress progress) {
    Parallel.with(
        threads,
        () -> {
          SimulatedStudy.of(plan, Seed.of(seed)).write(folder, Existing.REPLACE, progress);
          return folder;
        });
  }

  private DecodingRecipe recipe() {
    return DecodingRecipe.of(Recipes.tree("simulated-pictures", List.of("seed=" + seed)));
  }

  private Execution execution(Path run, Path study, Progress progress) {
    return Execution.in(run)
        .withRoot(study)
        .withThreads(threads)
        .withExisting(Execution.Existing.REPLACE)
        .withProgress(progress);
  }
}
