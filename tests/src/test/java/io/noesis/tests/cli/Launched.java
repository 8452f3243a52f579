package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Version;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The program as a process of its own, with the class path of this test. */
final class Launched {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  /** The commit of this process, before all else: what is built beside a test does not move it. */
  private static final String CLASS_PATH =
      sameVersion() + File.pathSeparator + System.getProperty("java.class.path");

  /** The number of the signal that Ctrl-C sends. */
  private static final int INTERRUPT = 2;

  private Launched() {}

  private static Path sameVersion() {
    Version version = Version.current();
    String dirty =
        switch (version.tree()) {
          case CHANGED -> "true";
          case CLEAN -> "false";
          case UNKNOWN -> "";
        };
    try {
      Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "version");
      Path file = folder.resolve("io/noesis/run/git.properties");
      Files.createDirectories(file.getParent());
      Files.writeString(
          file,
          "git.build.version=%s%ngit.commit.id.abbrev=%s%ngit.dirty=%s%n"
              .formatted(version.number(), version.commit(), dirty));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("writing the version of the tests' processes", e);
    }
  }

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
            CLASS_PATH,
            "io.noesis.cli.Noesis"));
    command.addAll(words);
    return command;
  }

  /** Starts a command; what it prints goes to a file. */
  static Process start(List<String> command, Path log) throws IOException {
    File file = log.toFile();
    List<String> words = new ArrayList<>();
    if (ignoresInterrupts()) {
      words.addAll(List.of("env", "--default-signal=INT"));
    }
    words.addAll(command);
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
        .start();
  }

  /** Whether this process was started to ignore Ctrl-C, as by nohup, which its children inherit. */
  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> new BigInteger(line.substring("SigIgn:".length()).strip(), 16))
        .anyMatch(mask -> mask.testBit(INTERRUPT - 1));
  }

  /** Sends a signal by its name without SIG; POSIX systems only. */
  static void signal(Process process, String name) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    assertTrue(code == 0 || !process.isAlive(), () -> "kill -" + name + " ended with " + code);
  }

  /** Stops a process where it is, all its threads; Linux only. */
  static void stop(Process process) throws IOException, InterruptedException {
    signal(process, "STOP");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (process.isAlive() && !isStopped(process)) {
      assertTrue(System.nanoTime() < end, "the process cannot be stopped");
      Thread.sleep(1);
    }
  }

  /** Whether the state of every thread, behind its name in brackets, is T. */
  private static boolean isStopped(Process process) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (!stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("T")) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException e) {
      return false; // A thread ended in between.
    }
  }

  /** Waits until a file is there or the process is not; says whether the file came. */
  static boolean awaits(Process process, Path file) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (process.isAlive() && !Files.exists(file) && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    return Files.exists(file);
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
