package io.noesis.cli;

import io.noesis.run.Progress;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {
  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description = "How progress is shown on the error stream: ${COMPLETION-CANDIDATES}.",
      defaultValue = "TEXT")
  ConsoleProgress.Format logFormat = ConsoleProgress.Format.TEXT;

  @Option(names = "--debug", description = "Show stack traces of errors.")
  boolean debug;

  Progress progress(CommandSpec spec) {
    PrintWriter err = spec.commandLine().getErr();
    return new ConsoleProgress(err, logFormat);
  }
}
