package io.noesis.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.experiment.AdaptationSpec;
import io.noesis.experiment.Execution;
import io.noesis.experiment.Experiments;
import io.noesis.experiment.Recipes;
import io.noesis.report.Report;
import io.noesis.report.ReportText;
import io.noesis.run.RecipeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis adapt RUN OUT --subject NEW}: a trained network learns a new subject. */
@Command(
    name = "adapt",
    description =
        "Adapt the networks of a run, which several subjects share, to a new subject: the shared"
            + " part is left as it is and the subject's own weights are fitted, with one or more"
            + " numbers of training trials. The learning curve is printed and drawn in the report, beside the same"
            + " network from scratch and ridge on the same trials.")
final class AdaptCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;
  @Mixin ExperimentOptions options;

  @Parameters(index = "0", paramLabel = "RUN", description = "The run whose networks are adapted.")
  Path run;

  @Parameters(index = "1", paramLabel = "OUT", description = "The run folder to write.")
  Path out;

  @Option(
      names = "--subject",
      paramLabel = "LABEL",
      required = true,
      split = ",",
      description = "The new subjects, without 'sub-'.")
  List<String> subjects = new ArrayList<>();

  @Option(
      names = "--trials",
      paramLabel = "N",
      split = ",",
      description = "Numbers of training trials to learn from, such as 50,100.")
  List<Integer> trials = new ArrayList<>();

  @Option(
      names = "--curve",
      paramLabel = "SHARE",
      split = ",",
      description =
          "Shares of the training trials to learn from, such as 10%%,25%%,50%%,100%% (default: all of"
              + " them, where --trials is not given).")
  List<String> shares = new ArrayList<>();

  @Option(
      names = "--tune",
      paramLabel = "WHAT",
      description = "What learns: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  AdaptationSpec.Tune tune = AdaptationSpec.Tune.SUBJECT;

  @Override
  public Integer call() {
    List<Double> parts = new ArrayList<>(shares.stream().map(AdaptCommand::share).toList());
    if (parts.isEmpty() && trials.isEmpty()) {
      parts.add(1.0);
    }
    AdaptationSpec how =
        new AdaptationSpec(
            run, parts, trials, tune, Optional.empty(), List.of(AdaptationSpec.Against.values()));
    ObjectNode tree = Recipes.adapting(run, how, options.allOverrides());
    Execution execution =
        options
            .execution(out, common.progress(spec))
            .withSubjects(
                subjects.stream().map(s -> s.startsWith("sub-") ? s.substring(4) : s).toList());
    Report report = Experiments.run(tree, execution);
    spec.commandLine().getOut().print(ReportText.of(report));
    spec.commandLine().getOut().println("report: " + out.resolve("report.html"));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static double share(String text) {
    try {
      return text.endsWith("%")
          ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
          : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new RecipeException(
          "reading --curve: expected shares such as 10% or 0.1, found '" + text + "'.", e);
    }
  }
}
