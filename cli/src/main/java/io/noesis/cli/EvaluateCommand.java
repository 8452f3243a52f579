package io.noesis.cli;

import io.noesis.experiment.Evaluation;
import io.noesis.experiment.Execution;
import io.noesis.experiment.RunFolder;
import io.noesis.report.Report;
import io.noesis.report.ReportText;
import io.noesis.run.Parallel;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis evaluate RUN}: score a trained run from its folder alone. */
@Command(
    name = "evaluate",
    description =
        "Score a trained run, audit the result and write report.json and scores.tsv into it; needs"
            + " nothing but the run folder.")
final class EvaluateCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(paramLabel = "RUN", description = "A run folder of 'noesis train' or 'noesis run'.")
  Path run;

  @Option(names = "--allow", paramLabel = "CODE", description = "Let this audit's BLOCK through.")
  Set<String> allowed = new LinkedHashSet<>();

  @Option(
      names = "--nprocs",
      paramLabel = "N",
      converter = AtLeast.One.class,
      description = "Threads (default: all processors).")
  int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    Execution execution =
        Execution.in(run)
            .withThreads(threads)
            .withAllowed(allowed)
            .withProgress(common.progress(spec));
    Evaluation evaluation = new Evaluation(RunFolder.open(run), execution);
    Report report = Parallel.with(threads, evaluation::evaluate);
    spec.commandLine().getOut().print(ReportText.of(report));
    spec.commandLine().getOut().flush();
    evaluation.panel().requireNoBlock("evaluating " + run);
    return 0;
  }
}
