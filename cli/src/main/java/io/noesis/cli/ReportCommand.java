package io.noesis.cli;

import io.noesis.experiment.Evaluation;
import io.noesis.experiment.RunFolder;
import io.noesis.report.ReportPage;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis report RUN}: render the page from report.json. */
@Command(
    name = "report",
    description = "Render report.html from a run's report.json; computes nothing.")
final class ReportCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(paramLabel = "RUN", description = "A run folder that was evaluated.")
  Path run;

  @Option(
      names = "--self-contained",
      description = "One file with every picture inside, to send by mail.")
  boolean selfContained;

  @Override
  public Integer call() {
    Path json = RunFolder.open(run).file(Evaluation.REPORT);
    ReportPage.Form form = selfContained ? ReportPage.Form.SELF_CONTAINED : ReportPage.Form.FOLDER;
    spec.commandLine().getOut().println("report: " + ReportPage.render(json, form));
    return 0;
  }
}
