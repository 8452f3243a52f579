package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.cli.ConsoleProgress.Format;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What long work tells: a time to go on a terminal, a line per stage elsewhere. */
class ConsoleProgressTest {
  private static final String TERMINAL = "noesis.terminal";

  private static String told(boolean terminal, Format format) throws InterruptedException {
    String before = System.getProperty(TERMINAL, "");
    StringWriter out = new StringWriter();
    System.setProperty(TERMINAL, Boolean.toString(terminal));
    try {
      ConsoleProgress progress = new ConsoleProgress(new PrintWriter(out), format);
      progress.begin("training", 10);
      Thread.sleep(300); // A line is drawn five times a second at most.
      progress.step(2);
      progress.done("2 \"epochs\"");
    } finally {
      System.setProperty(TERMINAL, before);
    }
    return out.toString();
  }

  @Test
  void aTerminalSeesTheTimeToGo() throws InterruptedException {
    String text = told(true, Format.TEXT);
    // 0.3 s for two steps of ten: about 1.2 s more, rounded up; a slow machine may say more.
    assertTrue(text.matches("(?s).*2 of 10, about ([2-9]|\\d\\d) s to go.*"), text);
    assertTrue(text.contains("2 \"epochs\""), text);
  }

  /** A prior has a stage of its own; the one behind it goes on, it does not start over. */
  @Test
  void aStageThatGoesOnBehindAnotherKeepsItsTime() throws InterruptedException {
    String before = System.getProperty(TERMINAL, "");
    StringWriter out = new StringWriter();
    System.setProperty(TERMINAL, "true");
    try {
      ConsoleProgress progress = new ConsoleProgress(new PrintWriter(out), Format.TEXT);
      progress.begin("training", 10);
      Thread.sleep(900);
      progress.step(2);
      progress.begin("training, prior", 3);
      progress.step(3);
      progress.begin("training", 10);
      progress.step(2);
      Thread.sleep(300);
      progress.step(1);
      progress.done("end");
    } finally {
      System.setProperty(TERMINAL, before);
    }
    // 1.2 s for three steps of ten; without the first 0.9 s it would be less than a second more.
    assertTrue(
        out.toString().matches("(?s).*3 of 10, about ([3-9]|\\d\\d) s to go.*"), out.toString());
  }

  @Test
  void elsewhereThereIsALinePerStage() throws InterruptedException {
    String text = told(false, Format.TEXT);
    assertEquals(1, text.lines().count(), text);
    assertTrue(text.startsWith("training "), text);
    String json = told(true, Format.JSON);
    assertEquals(1, json.lines().count(), json);
    assertTrue(
        json.startsWith(
            "{\"event\":\"done\",\"stage\":\"training\",\"result\":\"2 \\\"epochs\\\"\""),
        json);
  }
}
