package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code noesis} in the root of the checkout. */
@DisabledOnOs(OS.WINDOWS)
final class LauncherTest {
  @TempDir Path temporary;

  @Test
  void passesExitCodesAndStreamsOn() {
    Outcome version = CommandLines.shell(temporary, CommandLines.launcher("--version"));
    assertEquals(0, version.code(), version::toString);
    assertTrue(version.out().matches("noesis \\d+\\.\\d+\\.\\d+ \\(commit .+\\)\\R"), version::out);
    Outcome unknown = CommandLines.shell(temporary, CommandLines.launcher("run nothing out"));
    assertEquals(2, unknown.code(), unknown::toString);
    assertTrue(unknown.err().contains("unknown recipe 'nothing'"), unknown::toString);
    assertEquals("", unknown.out());
  }

  @Test
  void worksThroughALinkAndInAFolderWithASpace() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("two words"));
    Outcome outcome =
        CommandLines.shell(
            folder,
            "ln -s "
                + CommandLines.launcher("n")
                + " && ./n describe metrics; code=$?; rm n; exit $code");
    assertEquals(0, outcome.code(), outcome::toString);
    assertTrue(outcome.out().contains("image_from_brain.top1"), outcome::toString);
  }
}
