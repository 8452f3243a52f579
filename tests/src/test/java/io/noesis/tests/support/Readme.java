package io.noesis.tests.support;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.run.AtomicFile;
import io.noesis.run.Fingerprint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The README: its blocks, and its commands as a reader types them, all in one folder beside the
 * shared recordings.
 *
 * <p>A command runs once per build, for the test that asks first. Every other test, also of another
 * JVM, waits for its end and then reads the same outcome and the same files, which nobody changes.
 * What an earlier build left is removed.
 */
public final class Readme {
  private static final Path FOLDER = CommandLines.ROOT.resolve("tests/target/readme");

  /** Where the commands are typed: their relative paths start here. */
  public static final Path CHECKOUT = FOLDER.resolve("checkout");

  /** Maven's, the same for all JVMs of its tests; each JVM is a build of its own elsewhere. */
  private static final String BUILD =
      System.getProperty(
          "noesis.build",
          ProcessHandle.current().pid() + " " + ProcessHandle.current().info().startInstant());

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Readme() {}

  /** The whole text. */
  public static String text() {
    try {
      return Files.readString(CommandLines.ROOT.resolve("README.md"));
    } catch (IOException e) {
      throw new IllegalStateException("reading the README", e);
    }
  }

  /** What stands between {@code ```language} and {@code ```}, in order. */
  public static List<String> blocks(String language) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text());
    while (matcher.find()) {
      if (matcher.group(1).equals(language)) {
        blocks.add(matcher.group(2).strip());
      }
    }
    return blocks;
  }

  /** Every line that starts the launcher, in order. */
  public static List<String> commands() {
    return blocks("sh").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("./noesis "))
        .toList();
  }

  /** The one command that starts so. */
  public static String command(String start) {
    List<String> found = commands().stream().filter(line -> line.startsWith(start)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " commands of the README start with " + start);
    }
    return found.get(0);
  }

  /**
   * What a command leaves behind, now or earlier in this build.
   *
   * @param line of a shell; those before it that it needs have run
   */
  public static synchronized Outcome run(String line) {
    Path said = FOLDER.resolve(Fingerprint.ofText(line) + ".json");
    try {
      Files.createDirectories(FOLDER);
      locked(FOLDER.resolveSibling("readme.lock"), Readme::beginUnlessBegun);
      locked(
          said.resolveSibling(said.getFileName() + ".lock"),
          () -> {
            if (!Files.exists(said)) {
              Outcome outcome = CommandLines.shell(CHECKOUT, line);
              AtomicFile.writeText(said, JSON.writeValueAsString(outcome));
            }
          });
      return JSON.readValue(said.toFile(), Outcome.class);
    } catch (IOException e) {
      throw new IllegalStateException("running " + line + " in " + CHECKOUT, e);
    }
  }

  /** What is done while a file is locked against other JVMs. */
  private interface Doing {
    void now() throws IOException;
  }

  /** A lock ends with its JVM, however that dies. */
  private static void locked(Path file, Doing doing) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      doing.now();
    }
  }

  private static void beginUnlessBegun() throws IOException {
    Path begun = FOLDER.resolve("build");
    if (Files.exists(begun) && Files.readString(begun).equals(BUILD)) {
      return;
    }
    List<Path> old;
    try (Stream<Path> all = Files.walk(FOLDER)) { // Follows no link.
      old = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : old) {
      Files.delete(path);
    }
    Files.createDirectories(CHECKOUT);
    Files.createSymbolicLink(CHECKOUT.resolve("noesis"), CommandLines.ROOT.resolve("noesis"));
    Path shared = CommandLines.ROOT.resolve("../shared").normalize();
    if (Files.isDirectory(shared)) {
      Files.createSymbolicLink(FOLDER.resolve("shared"), shared);
    }
    Files.writeString(begun, BUILD);
  }
}
