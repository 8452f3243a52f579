package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ExitCode;
import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.Outcome;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says of itself, and of what it cannot follow. */
class UsageTest {
  @TempDir Path temporary;

  /** The commands that {@code noesis --help} lists. */
  private static List<String> commands() {
    String help = CommandLines.noesis("--help").out();
    String list = help.substring(help.indexOf("Commands:"));
    return Pattern.compile("(?m)^  ([a-z]+) ")
        .matcher(list)
        .results()
        .map(m -> m.group(1))
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> everyCommandExplainsItself() {
    List<String> commands = commands();
    assertTrue(
        commands.containsAll(
            List.of("demo", "simulate", "check", "run", "train", "evaluate", "retrieve")),
        commands::toString);
    return commands.stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command,
                    () -> {
                      Outcome help = CommandLines.noesis(command, "--help");
                      assertEquals(0, help.code(), help::toString);
                      assertTrue(help.out().contains("Usage: noesis " + command), help::toString);
                      assertEquals("", help.err());
                    }));
  }

  @Test
  void everyExitCodeIsInTheHelp() {
    String help = CommandLines.noesis("--help").out().replaceAll("\\s+", " ");
    assertAll(
        Arrays.stream(ExitCode.values())
            .map(c -> () -> assertTrue(help.contains(c.code() + " " + c.meaning()), c.meaning())));
  }

  @Test
  void withoutACommandItShowsTheHelp() {
    Outcome outcome = CommandLines.noesis();
    assertEquals(0, outcome.code());
    assertTrue(outcome.out().contains("Commands:"), outcome::toString);
  }

  @Test
  void anUnknownRecipeIsAnsweredWithTheNearest() {
    Outcome outcome = CommandLines.noesis("run", "haxby2001-vr", out());
    says(outcome, 2, "unknown recipe 'haxby2001-vr'", "Did you mean 'haxby2001-vt'");
  }

  @Test
  void anUnknownKeyIsAnsweredWithItsPathAndTheNearest() {
    Outcome outcome =
        CommandLines.noesis("run", "simulated", out(), "--set=evaluation.permutatons=999");
    says(outcome, 2, "evaluation.permutatons", "permutations");
  }

  @Test
  void allProblemsOfARecipeAreReportedAtOnce() {
    Outcome outcome =
        CommandLines.noesis(
            "run",
            "simulated",
            out(),
            "--set=evaluation.permutatons=999",
            "--set=spilt.rule=study",
            "--set=seed=many");
    says(outcome, 2, "evaluation.permutatons", "spilt", "seed");
  }

  @Test
  void aValueOutOfRangeIsNamedWithWhatWasExpected() {
    Outcome outcome =
        CommandLines.noesis("run", "simulated", out(), "--set=evaluation.permutations=3");
    says(outcome, 2, "permutations must be at least 99, found 3");
  }

  @Test
  void aMissingFolderOfTheStudyIsAskedFor() {
    says(CommandLines.noesis("run", "simulated", out()), 2, "--root DIR");
  }

  @Test
  void unknownOptionsAndCommandsEndWithUsage() {
    says(CommandLines.noesis("demo", "--ouch"), 2, "--ouch");
    says(CommandLines.noesis("dmeo"), 2, "dmeo", "demo");
    says(CommandLines.noesis("run", "simulated"), 2, "OUT");
    says(CommandLines.noesis("simulate", out(), "--voxels=few"), 2, "--voxels", "few");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    says(CommandLines.noesis("describe", "metric"), 2, "metrics");
    says(CommandLines.noesis("describe", "metrics", "image_from_brain.tpo1"), 2, "top1");
  }

  @Test
  void whatIsNoRunIsNotEvaluated() {
    for (String command : List.of("evaluate", "report", "retrieve")) {
      says(CommandLines.noesis(command, temporary.toString()), 2, "run.json", "noesis run");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theLauncherPassesExitCodesAndStreamsOn() {
    Outcome version = CommandLines.shell(temporary, CommandLines.launcher("--version"));
    assertEquals(0, version.code(), version::toString);
    assertTrue(version.out().matches("noesis \\d+\\.\\d+\\.\\d+ \\(commit .+\\)\\R"), version::out);
    Outcome unknown = CommandLines.shell(temporary, CommandLines.launcher("run nothing out"));
    says(unknown, 2, "unknown recipe 'nothing'");
    assertEquals("", unknown.out());
    Outcome link =
        CommandLines.shell(
            temporary, "ln -s " + CommandLines.launcher("n") + " && ./n describe metrics && rm n");
    assertEquals(0, link.code(), link::toString);
    assertTrue(link.out().contains("image_from_brain.top1"), link::toString);
  }

  private String out() {
    return temporary.resolve("out").toString();
  }

  private void says(Outcome outcome, int code, String... words) {
    Stream<Executable> checks =
        Stream.concat(
            Stream.of(
                () -> assertEquals(code, outcome.code()),
                () -> assertFalse(outcome.err().contains("\tat "), "a stack trace"),
                () -> assertFalse(temporary.resolve("out").toFile().exists(), "something written")),
            Arrays.stream(words)
                .map(word -> () -> assertTrue(outcome.err().contains(word), "says " + word)));
    assertAll(outcome.toString(), checks);
  }
}
