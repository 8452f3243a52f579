package io.noesis.cli;

import io.noesis.experiment.Retrieval;
import io.noesis.experiment.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis retrieve RUN}: what was retrieved for each tested stimulus. */
@Command(
    name = "retrieve",
    description =
        "Show the candidates nearest to the decoded embeddings of a run, as a tab-separated table.")
final class RetrieveCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(paramLabel = "RUN", description = "A trained run folder.")
  Path run;

  @Option(
      names = {"--participant-label", "--participant_label"},
      paramLabel = "LABEL",
      arity = "1..*",
      description = "Only these subjects, without 'sub-'; all when absent.")
  List<String> participants = new ArrayList<>();

  @Option(names = "--stimulus", paramLabel = "ID", description = "Only this tested stimulus.")
  String stimulus = "";

  @Option(
      names = "--top",
      paramLabel = "K",
      converter = AtLeast.One.class,
      description = "How many candidates (default: ${DEFAULT-VALUE}).")
  int top = 5;

  @Override
  public Integer call() {
    RunFolder folder = RunFolder.open(run);
    PrintWriter out = spec.commandLine().getOut();
    out.println("subject\tseen\tplace\tretrieved\tsimilarity\tcaption");
    for (Retrieval.Row row : Retrieval.of(folder, participants, stimulus, top)) {
      out.printf(
          Locale.ROOT,
          "%s\t%s\t%d\t%s\t%.4f\t%s%n",
          row.subject(),
          row.seen(),
          row.place(),
          row.retrieved(),
          row.similarity(),
          row.caption());
    }
    out.flush();
    return 0;
  }
}
