package io.noesis.cli;

import io.noesis.experiment.RunContrast;
import io.noesis.experiment.RunFolder;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.run.Parallel;
import java.io.PrintWriter;
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

/** {@code noesis contrast RUN RUN...}: what runs decoded of the same trials, in pairs. */
@Command(
    name = "contrast",
    description =
        "Hold what several trained runs decoded of the same test trials against each other, each"
            + " pair with interval and p, as it is and corrected for the pairs and subjects of each"
            + " score (Holm): embeddings, slots and triples. The recipes' differences come first.")
final class ContrastCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(paramLabel = "RUN", arity = "2..*", description = "Trained run folders.")
  List<Path> runs = new ArrayList<>();

  @Option(names = "--out", paramLabel = "FILE", description = "Write all differences there (.tsv).")
  Optional<Path> out = Optional.empty();

  @Option(
      names = "--nprocs",
      paramLabel = "N",
      converter = AtLeast.One.class,
      description = "Threads (default: all processors).")
  int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    RunContrast contrast = new RunContrast(runs.stream().map(RunFolder::open).toList());
    List<List<String>> rows = Parallel.with(threads, contrast::rows);
    out.ifPresent(file -> Tsv.write(file, RunContrast.COLUMNS, rows));
    PrintWriter shown = spec.commandLine().getOut();
    shown.println("recipes differ in: " + String.join(" | ", contrast.names()));
    contrast.settings().forEach(line -> shown.println("  " + line));
    contrast.missing().forEach(shown::println);
    shown.print(RunContrast.text(rows));
    shown.flush();
    return 0;
  }
}
