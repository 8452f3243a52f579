package io.noesis.tests.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, with the class path of this test. */
final class Launched {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  private Launched() {}

  /** The words that start the program, ready for a shell or a process builder. */
  static List<String> command(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(JAVA.toString());
    command.addAll(
        List.of(
            "-Xmx400m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Djava.awt.headless=true",
            "-cp",
            System.getProperty("java.class.path"),
            "io.noesis.cli.Noesis"));
    command.addAll(words);
    return command;
  }

  /** Starts a command; what it prints goes to a file. */
  static Process start(List<String> command, Path log) throws IOException {
    File file = log.toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
        .start();
  }

  /** Runs a command to its end. */
  static Call call(List<String> command, Path log) throws IOException, InterruptedException {
    Files.deleteIfExists(log);
    Process process = start(command, log);
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after two minutes: " + Files.readString(log));
    }
    String printed = Files.readString(log);
    return new Call(process.exitValue(), printed, printed);
  }
}
