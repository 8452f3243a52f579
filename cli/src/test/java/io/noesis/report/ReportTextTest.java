package io.noesis.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ReportTextTest {
  @Test
  void scoresStandInAlignedColumns() {
    List<String> lines = ReportText.of(SampleReport.of(2)).lines().toList();
    List<String> rows =
        lines.stream().filter(l -> l.contains("[") && l.endsWith("than chance")).toList();
    assertEquals(12 + 2 * 7, rows.size(), "headlines, and of slots all but new triples");
    int column = rows.get(0).indexOf('[');
    String head = lines.stream().filter(l -> l.startsWith("subject")).findFirst().orElseThrow();
    assertTrue(head.contains("value [95 % interval]"), head);
    for (String row : rows) {
      assertEquals(head.indexOf("result"), row.indexOf("better than chance"), row);
    }
    assertTrue(column > 0 && rows.get(0).startsWith("All subjects  Top-1 of 60 "), rows.get(0));
  }

  @Test
  void theNumbersAreThoseOfTheReport() {
    Report report = SampleReport.of(1);
    ScoreLine top1 = report.subjects().get(0).scores().get(0);
    String text = ReportText.of(report);
    String expected =
        String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", top1.value(), top1.low(), top1.high());
    assertTrue(text.contains(expected), text);
    assertTrue(text.startsWith("With caution: SIMULATED study. Seen pictures"), text);
  }

  @Test
  void noLineIsLongerThanTheTerminal() {
    Report r = SampleReport.of(List.of(SampleReport.failed("x".repeat(300))));
    AuditLine audit =
        new AuditLine("LEAK-\u001b[31mFIT", "BLOCK", "01", "y".repeat(250) + " z", "", "", true);
    ScoreLine score =
        new ScoreLine(
            "m",
            "a very long label ".repeat(5),
            true,
            -0.1234,
            -0.2345,
            -0.0123,
            0,
            -0.1,
            0.1,
            0.00000123,
            3,
            "trial",
            "HIGHER",
            null,
            "");
    Report report =
        new Report(
            r.schema(),
            r.title(),
            r.verdict(),
            r.study(),
            List.of(audit),
            List.of(score),
            r.subjects(),
            null,
            List.of(),
            List.of(),
            "");
    String text = ReportText.of(report);
    for (String line : text.lines().toList()) {
      assertTrue(line.length() <= ReportText.WIDTH, line);
    }
    assertFalse(text.contains("\u001b"), "an escape sequence reached the terminal");
    assertTrue(text.contains("BLOCK"), text);
    assertTrue(text.contains("-0.123 [-0.235, -0.012]"), text);
    assertTrue(text.contains("worse than chance"), text);
  }

  @Test
  void auditsComeWorstFirstAndEmptyReportsSaySo() {
    String text = ReportText.of(SampleReport.of(1));
    assertTrue(text.indexOf("BLOCK ") < text.indexOf("WARN "), text);
    assertTrue(text.indexOf("WARN ") < text.indexOf("audits passed: "), text);
    assertTrue(text.contains("(allowed)"), text);
    String empty = ReportText.of(SampleReport.empty());
    assertTrue(empty.contains("No headline score"), empty);
    assertTrue(empty.contains("No audit was run."), empty);
  }
}
