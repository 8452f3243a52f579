package io.noesis.tests.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.report.MadePanel;
import io.noesis.report.ReportJson;
import io.noesis.report.ScoreLine;
import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.Outcome;
import io.noesis.tests.support.Readme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.opentest4j.TestAbortedException;

/**
 * What the README says is so: its commands run, its folders exist, its first screen is two
 * commands.
 */
class ReadmeTest {
  @Test
  void theFirstTwoCommandsDoAllTheSetUp() throws IOException {
    List<String> blocks = Readme.blocks("sh");
    assertEquals("./noesis demo --out demo", blocks.get(0));
    assertEquals("mvn verify", blocks.get(1));
    String ci = Files.readString(CommandLines.ROOT.resolve(".ci/run"));
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
  Stream<DynamicTest> everyCommandRuns() {
    boolean recordings = Files.isDirectory(CommandLines.ROOT.resolve("../shared/data"));
    return Readme.commands().stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line,
                    () -> {
                      if (!recordings && needsRecordings(line)) {
                        throw new TestAbortedException("needs ../shared/data, which is not here");
                      }
                      Outcome outcome = Readme.run(line);
                      assertEquals(0, outcome.code(), outcome::toString);
                      if (line.startsWith("./noesis demo")) {
                        requireThatTheDemoShows(Readme.CHECKOUT.resolve("demo/run"), outcome.out());
                      }
                    }));
  }

  /** By the models on board, not by stand-ins; numbers may differ between processors. */
  private static void requireThatTheDemoShows(Path run, String said) throws IOException {
    assertEquals(
        scored(Readme.blocks("text").get(0)), scored(said), "the first screen of the README");
    MadePanel made = ReportJson.read(run.resolve("report.json")).made();
    assertEquals(2, made.subjects().size());
    for (MadePanel.MadeSubject subject : made.subjects()) {
      for (String what : List.of("captions", "pictures")) {
        MadePanel.MadeScore primary =
            subject.scores().stream().filter(s -> s.what().equals(what)).findFirst().orElseThrow();
        assertTrue(primary.score().metric().contains("two_way"), primary.score().metric());
        assertEquals(ScoreLine.Standing.BETTER, primary.score().standing(), what);
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

  @TestFactory
  Stream<DynamicTest> everyFolderOfTheTableExists() {
    String text = Readme.text();
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
                    path, () -> assertTrue(Files.exists(CommandLines.ROOT.resolve(path)), path)));
  }
}
