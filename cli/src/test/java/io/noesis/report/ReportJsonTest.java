package io.noesis.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.report.SubjectPanel.CurvePoint;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportJsonTest {
  @TempDir Path folder;

  @Test
  void aReportReadsBackEqual() {
    for (int subjects : new int[] {0, 1, 4}) {
      Report report = SampleReport.of(subjects);
      Path file = folder.resolve("new/report.json");
      ReportJson.write(file, report);
      assertEquals(report, ReportJson.read(file));
    }
  }

  @Test
  void theSameReportGivesTheSameBytes() throws IOException {
    Path a = folder.resolve("a.json");
    Path b = folder.resolve("b.json");
    ReportJson.write(a, SampleReport.of(2));
    ReportJson.write(b, ReportJson.read(a));
    assertArrayEquals(Files.readAllBytes(a), Files.readAllBytes(b));
    String text = Files.readString(a);
    assertTrue(text.startsWith("{\n  \"schema\" : \"noesis-report-1\",\n  \"title\""), text);
    assertFalse(text.contains("\r"));
    assertTrue(text.endsWith("}\n"));
  }

  @Test
  void whatIsNoNumberIsNullAndReadsBackAsNaN() throws IOException {
    ScoreLine score =
        new ScoreLine(
            "m",
            "m",
            true,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            0.1,
            0,
            0.2,
            0.5,
            3,
            "trial",
            "HIGHER",
            Double.NaN,
            "");
    Report sample = SampleReport.of(2);
    Report report = withGroup(sample, List.of(score));
    Path file = folder.resolve("report.json");
    ReportJson.write(file, report);
    assertTrue(Files.readString(file).contains("\"value\" : null"));
    ScoreLine back = ReportJson.read(file).group().get(0);
    assertEquals(Double.NaN, back.value());
    assertEquals(Double.NaN, back.low());
    assertEquals(Double.NaN, back.high());
    assertEquals(0.1, back.chance());
    assertEquals(Double.valueOf(Double.NaN), back.ceiling());
  }

  @Test
  void aMissingCeilingStaysMissing() {
    Report report = SampleReport.of(1);
    Path file = folder.resolve("report.json");
    ReportJson.write(file, report);
    assertNull(ReportJson.read(file).subjects().get(0).scores().get(2).ceiling());
  }

  @Test
  void anotherSchemaIsRefusedWithWhatIsExpected() throws IOException {
    refused("{\"schema\": \"noesis-report-9\"}", "noesis-report-9", "expected 'noesis-report-1'");
    refused("{}", "its schema is ''", "expected 'noesis-report-1'");
  }

  @Test
  void whatIsNoJsonIsCorrupt() throws IOException {
    Path file = folder.resolve("report.json");
    for (String text : List.of("", "{\"schema\":", "not json", "[1]", "{} {}", "{\"a\":NaN}")) {
      Files.writeString(file, text);
      DataException e = assertThrows(DataException.class, () -> ReportJson.read(file), text);
      assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }
    Files.writeString(file, "{\"schema\": ,}");
    assertThrows(CorruptDataException.class, () -> ReportJson.read(file));
    DataException gone =
        assertThrows(DataException.class, () -> ReportJson.read(folder.resolve("none.json")));
    assertTrue(gone.getMessage().contains("does not exist"), gone.getMessage());
  }

  @Test
  void brokenKeysAreNamedWithTheirPath() throws IOException {
    String good = ReportJson.text(SampleReport.of(1));
    refused(good.replace("\"warnings\"", "\"warning\""), "warnings is missing", "Did you mean");
    refused(
        good.replaceFirst("\"rank\" : \\d+", "\"rank\" : null"),
        "subjects[0].gallery[0].rank is null");
    refused(good.replaceFirst("\"rank\" : \\d+", "\"rank\" : 1.5"), "subjects[0].gallery[0].rank");
    refused(good.replaceFirst("\"pool\" : \\d+", "\"pool\" : \"2\""), "pool");
    refused(good.replaceFirst("\"p\" : [\\d.E-]+", "\"p\" : \"small\""), ".p: ");
    refused(good.replaceFirst("\"verdict\" : \"PASS\"", "\"verdict\" : \"FINE\""), "'FINE'");
    refused(good.replaceFirst("\"direction\" : \"HIGHER\"", "\"direction\" : \"UP\""), "'UP'");
    refused(good.replaceFirst("\"level\" : \"CAUTION\"", "\"level\" : \"GOOD\""), "GOOD");
    refused(good.replaceFirst("\"parts\" : \"", "\"parts\" : \"Q"), "T, V, E and -");
    refused(good.replaceFirst("\"origin\" : \"SIMULATED\"", "\"origin\" : \"\""), "origin");
    refused(
        good.replaceFirst("\"labels\" : \\[ \"apple\"", "\"labels\" : [ \"x\", \"apple\""),
        "rows of a confusion table");
    refused(
        good.replaceFirst(
            "\"schema\" : \"noesis-report-1\"", "\"schema\" : \"noesis-report-1\", \"title\" : 3"),
        "title");
  }

  @Test
  void wherePointsStandFollowsFromTheirNull() {
    assertEquals(ScoreLine.Standing.BETTER, standing("HIGHER", 0.5, 0.01));
    assertEquals(ScoreLine.Standing.AT_CHANCE, standing("HIGHER", 0.5, 0.05));
    assertEquals(ScoreLine.Standing.AT_CHANCE, standing("HIGHER", 0.2, 0.01));
    assertEquals(ScoreLine.Standing.WORSE, standing("HIGHER", 0.0, 0.99));
    assertEquals(ScoreLine.Standing.BETTER, standing("LOWER", 0.0, 0.01));
    assertEquals(ScoreLine.Standing.WORSE, standing("LOWER", 0.5, 0.99));
    assertEquals(ScoreLine.Standing.NOT_JUDGED, standing("LOWER", Double.NaN, 0.99));
    assertEquals(ScoreLine.Standing.NOT_JUDGED, standing("LOWER", 0.1, Double.NaN));
  }

  @Test
  void whereMeansOverSubjectsStandFollowsFromChance() {
    assertEquals(ScoreLine.Standing.BETTER, mean("HIGHER", 0.3, 0.15, 0.01));
    assertEquals(ScoreLine.Standing.AT_CHANCE, mean("HIGHER", 0.3, 0.15, 0.05));
    assertEquals(ScoreLine.Standing.AT_CHANCE, mean("HIGHER", 0.1, 0.15, 0.9));
    assertEquals(ScoreLine.Standing.WORSE, mean("HIGHER", 0.1, 0.15, 0.96));
    assertEquals(ScoreLine.Standing.BETTER, mean("LOWER", 0.1, 0.15, 0.01));
    assertEquals(ScoreLine.Standing.WORSE, mean("LOWER", 0.3, 0.15, 0.96));
    assertEquals(ScoreLine.Standing.NOT_JUDGED, mean("HIGHER", 1, 0.15, Double.NaN));
    assertEquals(ScoreLine.Standing.NOT_JUDGED, mean("HIGHER", 1, Double.NaN, 0.01));
  }

  @Test
  void allPlottedNumbersAreKept() {
    CurvePoint point = SampleReport.of(1).subjects().get(0).curve().points().get(2);
    Path file = folder.resolve("report.json");
    ReportJson.write(file, SampleReport.of(1));
    assertEquals(point, ReportJson.read(file).subjects().get(0).curve().points().get(2));
  }

  private static ScoreLine.Standing standing(String direction, double value, double p) {
    return new ScoreLine(
            "m", "m", true, value, 0, 1, 0.15, 0.1, 0.2, p, 3, "trial", direction, null, "")
        .standing();
  }

  private static ScoreLine.Standing mean(String direction, double value, double chance, double p) {
    double none = Double.NaN;
    return new ScoreLine(
            "m", "m", true, value, 0, 1, chance, none, none, p, 3, "subject", direction, null, "")
        .standing();
  }

  private void refused(String json, String... expected) throws IOException {
    Path file = folder.resolve("bad.json");
    Files.writeString(file, json);
    DataException e = assertThrows(DataException.class, () -> ReportJson.read(file));
    for (String part : expected) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  private static Report withGroup(Report r, List<ScoreLine> group) {
    return new Report(
        r.schema(),
        r.title(),
        r.verdict(),
        r.study(),
        r.audits(),
        group,
        r.subjects(),
        r.geometry(),
        r.warnings(),
        r.provenance(),
        r.methods());
  }
}
