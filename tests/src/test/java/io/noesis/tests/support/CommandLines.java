package io.noesis.tests.support;

import io.noesis.cli.Noesis;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The command line as a user has it: in this process, or through the real launcher. */
public final class CommandLines {
  /** The checkout. */
  public static final Path ROOT = Path.of(System.getProperty("noesis.root", "..")).toAbsolutePath();

  private static final long LONGEST_MINUTES = 20;

  private CommandLines() {}

  /** Runs one command in this process: no new JVM, the same code. */
  public static synchronized Outcome noesis(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    try {
      int code = Noesis.execute(arguments);
      return new Outcome(code, text(printed), text(complained));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Runs a line of a shell in a folder and waits for its end. */
  public static Outcome shell(Path folder, String line) {
    try {
      Path out = Files.createTempFile("noesis-out", ".txt");
      Path err = Files.createTempFile("noesis-err", ".txt");
      Process process =
          new ProcessBuilder("bash", "-c", line)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException("did not end: " + line);
      }
      Outcome outcome =
          new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return outcome;
    } catch (IOException e) {
      throw new IllegalStateException("running " + line, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("running " + line, e);
    }
  }

  /** The launcher with its arguments as one line for a shell. */
  public static String launcher(String arguments) {
    return "'" + ROOT.resolve("noesis") + "' " + arguments;
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
