package io.noesis.tests.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * What the README says is so: its commands run, its folders exist, its first screen is two
 * commands.
 */
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("noesis.root", ".."));
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");

  @TempDir static Path folder;

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static List<String> blocks(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(readme());
    while (matcher.find()) {
      if (matcher.group(1).equals(language)) {
        blocks.add(matcher.group(2).strip());
      }
    }
    return blocks;
  }

  @Test
  void theFirstTwoCommandsDoAllTheSetUp() throws IOException {
    List<String> blocks = blocks("sh");
    assertEquals("./noesis demo --out demo", blocks.get(0));
    assertEquals("mvn verify", blocks.get(1));
    String ci = Files.readString(ROOT.resolve(".ci/run"));
    assertTrue(ci.contains("./noesis demo --out "), ci);
    assertTrue(ci.contains("mvn -B verify"), ci);
    assertEquals(
        2,
        ci.lines().filter(l -> l.startsWith("./noesis") || l.startsWith("mvn")).count(),
        "CI runs those two commands and nothing else");
  }

  /** Every command, in order, in one folder beside the shared recordings, where there are any. */
  @TestFactory
  @DisabledOnOs(OS.WINDOWS)
  Stream<DynamicTest> everyCommandRuns() throws IOException {
    Path checkout = Files.createDirectories(folder.resolve("checkout"));
    Files.createSymbolicLink(checkout.resolve("noesis"), ROOT.resolve("noesis").toAbsolutePath());
    Path shared = ROOT.resolve("../shared").toAbsolutePath().normalize();
    boolean recordings = Files.isDirectory(shared.resolve("data"));
    if (recordings) {
      Files.createSymbolicLink(folder.resolve("shared"), shared);
    }
    return blocks("sh").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("./noesis "))
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line,
                    () -> {
                      if (!recordings && needsRecordings(line)) {
                        throw new TestAbortedException("needs ../shared/data, which is not here");
                      }
                      String said = run(checkout, line);
                      if (line.startsWith("./noesis demo")) {
                        requireThatTheDemoShows(checkout.resolve("demo/run"), said);
                      }
                    }));
  }

  /** By the models on board, not by stand-ins; numbers may differ between processors. */
  private static void requireThatTheDemoShows(Path run, String said) throws IOException {
    assertEquals(scored(blocks("text").get(0)), scored(said), "the first screen of the README");
    Report.MadePanel made = ReportJson.read(run.resolve("report.json")).made();
    assertEquals(2, made.subjects().size());
    for (Report.MadeSubject subject : made.subjects()) {
      for (String what : List.of("captions", "pictures")) {
        Report.MadeScore primary =
            subject.scores().stream().filter(s -> s.what().equals(what)).findFirst().orElseThrow();
        assertTrue(primary.score().metric().contains("two_way"), primary.score().metric());
        assertEquals(Report.Standing.BETTER, primary.score().standing(), what);
        assertTrue(primary.score().value() < primary.score().ceiling(), what);
      }
      try (Stream<Path> all =
          Files.list(run.resolve("sub-" + subject.subject() + "/pictures/decoded"))) {
        assertEquals(24, all.filter(p -> p.toString().endsWith(".png")).count());
      }
    }
    assertTrue(
        made.kinds().stream()
            .flatMap(kind -> kind.facts().stream())
            .anyMatch(fact -> fact.value().startsWith("flattered")),
        "the tower that judges the pictures made the space that steers their generator");
  }

  /** Subject and name of each line of the table of scores. */
  private static List<String> scored(String screen) {
    return screen
        .lines()
        .filter(line -> line.matches("\\d\\d {2,}\\S.*"))
        .map(line -> line.replaceAll(" {2,}[-\u2212\\d.]+ \\[.*", ""))
        .toList();
  }

  /** Commands on a shared recording, and those on the runs that they make. */
  private static boolean needsRecordings(String line) {
    return line.contains("../shared/data") || line.contains(" haxby ");
  }

  private static String run(Path checkout, String line) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "log", ".txt");
    Process process =
        new ProcessBuilder("sh", "-c", line)
            .directory(checkout.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(20, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(line + " did not end:\n" + Files.readString(log));
    }
    String said = Files.readString(log, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), said);
    return said;
  }

  @TestFactory
  Stream<DynamicTest> everyFolderOfTheTableExists() throws IOException {
    String text = readme();
    String table = text.substring(text.indexOf("## Where do I find"));
    Matcher matcher = Pattern.compile("(?m)^\\| [^|]+ \\| `([^`]+)` \\|$").matcher(table);
    List<String> folders = new ArrayList<>();
    while (matcher.find()) {
      folders.add(matcher.group(1));
    }
    assertTrue(folders.size() > 10, "the table is there");
    return folders.stream()
        .map(
            path ->
                DynamicTest.dynamicTest(
                    path, () -> assertTrue(Files.exists(ROOT.resolve(path)), path)));
  }
}
