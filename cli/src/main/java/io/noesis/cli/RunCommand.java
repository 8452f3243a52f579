package io.noesis.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.experiment.Evaluation;
import io.noesis.experiment.Execution;
import io.noesis.experiment.Experiments;
import io.noesis.experiment.Recipes;
import io.noesis.experiment.RunFolder;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportPage;
import io.noesis.report.ReportText;
import io.noesis.run.NoesisException;
import io.noesis.run.Parallel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis run}: everything, for a recipe or in the form of a BIDS App. */
@Command(
    name = "run",
    description = {
      "Check, train, evaluate and report. Two forms:",
      "  noesis run RECIPE OUT                             a recipe",
      "  noesis run BIDS_DIR OUT participant|group         a BIDS App"
    })
final class RunCommand implements Callable<Integer> {
  /** The two levels of analysis of a BIDS App. */
  enum Level {
    /** Subjects, one by one; several processes may share OUT. */
    PARTICIPANT,
    /** The report over the subjects that OUT holds. */
    GROUP
  }

  @Spec CommandSpec spec;
  @Mixin CommonOptions common;
  @Mixin ExperimentOptions options;

  @Parameters(
      index = "0",
      paramLabel = "RECIPE|BIDS_DIR",
      description = "A shipped recipe, a .yaml file, or a BIDS folder.")
  String what;

  @Parameters(index = "1", paramLabel = "OUT", description = "The run folder to write.")
  Path out;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "LEVEL",
      description = "For a BIDS folder: ${COMPLETION-CANDIDATES}.")
  @Nullable Level level;

  @Option(
      names = "--recipe",
      description = "For a BIDS folder: what to do with it (default: ${DEFAULT-VALUE}).")
  String bidsRecipe = "bids-captions";

  @Override
  public Integer call() {
    boolean folder = Files.isDirectory(Path.of(what));
    if (level == Level.GROUP) {
      return group();
    }
    ObjectNode tree = Recipes.tree(folder ? bidsRecipe : what, options.allOverrides());
    Execution execution = options.execution(out, common.progress(spec));
    if (folder) {
      execution = execution.withRoot(Path.of(what));
    }
    try {
      print(Experiments.run(tree, execution));
    } catch (NoesisException e) {
      // A blocked or partial result has its report all the same: show it, then say why it ends so.
      Path json = out.resolve(Evaluation.REPORT);
      if (reportOutlives(e) && Files.isRegularFile(json)) {
        print(ReportJson.read(json));
      }
      throw e;
    }
    return 0;
  }

  private static boolean reportOutlives(NoesisException e) {
    return e instanceof io.noesis.run.AuditException || e instanceof io.noesis.run.PartialException;
  }

  private Integer group() {
    Execution execution = options.execution(out, common.progress(spec));
    Evaluation evaluation = new Evaluation(RunFolder.open(out), execution);
    Report report = Parallel.with(execution.threads(), evaluation::evaluate);
    ReportPage.render(out.resolve(Evaluation.REPORT), ReportPage.Form.FOLDER);
    print(report);
    evaluation.panel().requireNoBlock("evaluating " + out);
    return 0;
  }

  private void print(Report report) {
    spec.commandLine().getOut().print(ReportText.of(report));
    spec.commandLine().getOut().println("report: " + out.resolve("report.html"));
    spec.commandLine().getOut().flush();
  }
}
