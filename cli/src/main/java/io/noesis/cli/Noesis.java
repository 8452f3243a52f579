package io.noesis.cli;

import io.noesis.run.ExitCode;
import io.noesis.run.NoesisException;
import io.noesis.run.Version;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point: {@code noesis COMMAND ...}. */
@Command(
    name = "noesis",
    description =
        "Brain decoding: recordings in, embeddings, retrieval, captions, pictures and honest reports out."
            + " Start with 'noesis demo'.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Noesis.Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    subcommands = {
      DoctorCommand.class,
      DemoCommand.class,
      SimulateCommand.class,
      InspectCommand.class,
      CheckCommand.class,
      RunCommand.class,
      TrainCommand.class,
      AdaptCommand.class,
      EvaluateCommand.class,
      ContrastCommand.class,
      RetrieveCommand.class,
      CaptionCommand.class,
      ReconstructCommand.class,
      EncodeCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      ReportCommand.class,
      ModelsCommand.class,
      DescribeCommand.class,
      ConvertCommand.class
    })
public final class Noesis implements Runnable {
  @Spec CommandSpec spec;

  Noesis() {}

  /**
   * Runs one command and ends the process with its documented exit code.
   *
   * @param arguments the words after {@code noesis}
   */
  public static void main(String[] arguments) {
    Interrupt.OF_PROCESS.listen();
    int code = execute(arguments);
    Interrupt.OF_PROCESS.ended();
    System.exit(code);
  }

  /**
   * Runs one command in this process.
   *
   * @param arguments the words after {@code noesis}
   * @return the exit code of {@link ExitCode}
   */
  public static int execute(String... arguments) {
    CommandLine line = commandLine();
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError e) {
      line.getErr()
          .println(
              "noesis: out of memory: the process may use "
                  + (Runtime.getRuntime().maxMemory() >> 20)
                  + " MB ("
                  + e.getMessage()
                  + "). What was finished is kept; give more with NOESIS_JAVA_OPTS=-Xmx..., or use"
                  + " fewer voxels, and run the same command again.");
      return ExitCode.USAGE.code();
    }
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Noesis());
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(Noesis::explain);
    line.setExitCodeExceptionMapper(
        e ->
            (e instanceof CommandLine.ParameterException ? ExitCode.USAGE : ExitCode.INTERNAL)
                .code());
    line.getCommandSpec()
        .usageMessage()
        .footer(
            "",
            "Exit codes: "
                + Arrays.stream(ExitCode.values())
                    .map(c -> c.code() + " " + c.meaning())
                    .collect(Collectors.joining(", "))
                + ".");
    return line;
  }

  /** Says what went wrong in one paragraph; the stack only with {@code --debug}. */
  private static int explain(Exception e, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    boolean debug = Arrays.asList(parsed.originalArgs().toArray()).contains("--debug");
    ExitCode code;
    if (e instanceof NoesisException known) {
      code = known.exitCode();
      err.println("noesis: " + e.getMessage());
    } else {
      code = ExitCode.INTERNAL;
      err.println(
          "noesis: internal error: "
              + e
              + ". This is a fault of ours; please report it with the output of the same command"
              + " and --debug.");
    }
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
    return code.code();
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** What {@code --version} prints. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"noesis " + Version.current()};
    }
  }
}
