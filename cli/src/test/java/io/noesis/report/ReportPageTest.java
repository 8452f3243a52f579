package io.noesis.report;

import static io.noesis.report.SamplePage.found;
import static io.noesis.report.SamplePage.page;
import static io.noesis.report.SamplePage.rendered;
import static io.noesis.report.SamplePage.section;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.report.ReportPage.Form;
import io.noesis.run.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands on the page of a report, and where. */
class ReportPageTest {
  @TempDir Path folder;

  @Test
  void slotsStandBesideRidgeAndManyLinesAreFoldedAway() throws IOException {
    String slots = section(page(folder, SampleReport.of(1)), "slots");
    int folded = slots.indexOf("<details>");
    String open = slots.substring(0, folded);
    assertTrue(open.contains("colour: category of 6") && open.contains("tensor-brain minus ridge"));
    assertTrue(open.contains("below ridge"), "in words");
    assertFalse(open.contains("new triples: top-10 of 60"), "among the many lines");
    assertTrue(slots.indexOf("new triples: top-10 of 60") > folded);
    assertTrue(slots.contains("median rank of 60 (lower is better)"));
    assertTrue(slots.contains("not scored: &lt;all&gt; show the same"));
    assertEquals(3, found(slots, SamplePage.CHART).size(), "slots, triples, new triples");
    assertEquals(0, found(page(folder, SampleReport.empty()), "(id=\"slots\")").size());
  }

  @Test
  void sectionsStandInTheirFixedOrder() throws IOException {
    List<String> all =
        List.of(
            "verdict",
            "audits",
            "scores",
            "slots",
            "data",
            "split",
            "retrieval",
            "score-figures",
            "confusion",
            "gallery",
            "geometry",
            "all-scores",
            "warnings",
            "provenance",
            "methods");
    assertEquals(all, found(page(folder, SampleReport.of(2)), "<section id=\"([^\"]+)\""));
    List<String> without = new ArrayList<>(all);
    without.removeAll(List.of("geometry", "slots"));
    assertEquals(without, found(page(folder, SampleReport.empty()), "<section id=\"([^\"]+)\""));
  }

  @Test
  void aReportOfGeometriesAloneShowsNothingOfDecoding() throws IOException {
    String html = page(folder, SampleReport.geometryOnly());
    assertEquals(
        List.of("verdict", "audits", "data", "geometry", "warnings", "provenance", "methods"),
        found(html, "<section id=\"([^\"]+)\""));
    assertTrue(html.contains("Not applicable: nothing was trained"));
    assertFalse(html.contains("no subject has"));
    assertFalse(html.contains("Decoding is not mind reading"));
    String text = ReportText.of(SampleReport.geometryOnly());
    assertTrue(text.contains("\ncaption embedding "), text);
    assertTrue(text.contains("\nnoise ceiling: 0.360 to 0.420\n"), text);
    assertFalse(text.contains("No headline score"), text);
  }

  @Test
  void everyNumberIsOneOfTheJsonsInItsRounding() throws IOException {
    Report report = SampleReport.of(4);
    String html = page(folder, report);
    Set<Double> numbers = new HashSet<>();
    numbers(new ObjectMapper().readTree(ReportJson.text(report)), numbers);
    List<MatchResult> shown =
        Pattern.compile("<data value=\"([^\"]+)\">([^<]+)</data>").matcher(html).results().toList();
    assertTrue(shown.size() > 400, "only " + shown.size() + " numbers");
    for (MatchResult one : shown) {
      double exact = Double.parseDouble(one.group(1));
      String text = one.group(2).replace('\u2212', '-');
      int decimals = text.contains(".") ? text.length() - text.indexOf('.') - 1 : 0;
      assertTrue(numbers.contains(exact), one.group());
      assertEquals(exact, Double.parseDouble(text), 0.5001 * Math.pow(10, -decimals), one.group());
    }
  }

  @Test
  void everyScoreStandsOnThePageWithAllItsNumbers() throws IOException {
    Report report = SampleReport.of(3);
    Set<Double> shown = new HashSet<>();
    found(page(folder, report), "<data value=\"([^\"]+)\"")
        .forEach(v -> shown.add(Double.valueOf(v)));
    List<ScoreLine> scores = new ArrayList<>(report.group());
    report.subjects().forEach(s -> scores.addAll(s.scores()));
    report.geometry().models().forEach(m -> scores.add(m.score()));
    assertEquals(24, scores.size());
    for (ScoreLine s : scores) {
      List<Double> all =
          List.of(s.value(), s.low(), s.high(), s.chance(), s.nullLow(), s.nullHigh(), s.p());
      assertTrue(shown.containsAll(all), s.toString());
      assertTrue(s.ceiling() == null || shown.contains(s.ceiling()), s.toString());
    }
  }

  @Test
  void auditsThatFoundSomethingStandOpenAndThePassedOnesFolded() throws IOException {
    Report report = SampleReport.of(2);
    String html = page(folder, report);
    String section = html.substring(html.indexOf("<section id=\"audits\""));
    section = section.substring(0, section.indexOf("</section>"));
    int fold = section.indexOf("<details>");
    List<AuditLine> audits = report.audits();
    long passed = audits.stream().filter(AuditSection::isPassed).count();
    assertTrue(passed > 0 && passed < audits.size(), audits.toString());
    assertTrue(section.contains("<summary>" + passed + " passed: "), section);
    for (AuditLine line : audits) {
      String shown = Html.escape(line.decidedBy());
      int at = AuditSection.isPassed(line) ? section.indexOf(shown, fold) : section.indexOf(shown);
      assertTrue(at > 0 && AuditSection.isPassed(line) == at > fold, line.toString());
    }
  }

  @Test
  void anEmptyReportSaysSoInEverySection() throws IOException {
    String html = page(folder, SampleReport.empty());
    for (String section :
        List.of(
            "audits",
            "scores",
            "split",
            "retrieval",
            "score-figures",
            "confusion",
            "gallery",
            "all-scores",
            "warnings",
            "provenance",
            "methods")) {
      assertTrue(section(html, section).contains("class=\"nothing\""), section);
    }
    assertFalse(html.contains("class=\"ribbon\""));
  }

  @Test
  void aFailedSubjectIsNamedEverywhere() throws IOException {
    String html =
        page(
            folder,
            SampleReport.of(
                List.of(
                    SampleReport.subject("01", SampleReport.CATEGORIES, 4),
                    SampleReport.failed("02"))));
    assertTrue(section(html, "data").contains("Subject 02 failed: run 3: the file is truncated"));
    assertTrue(section(html, "scores").contains("Subject 02 has no result."));
    for (String name : List.of("split", "retrieval", "confusion", "gallery", "all-scores")) {
      String text = section(html, name);
      assertTrue(text.contains("Subject 02") && text.contains("class=\"nothing\""), name);
    }
  }

  @Test
  void whatIsNoNumberIsSaidInWords() throws IOException {
    ScoreLine none =
        new ScoreLine(
            "m",
            "Score without numbers",
            true,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            0,
            "trial",
            "HIGHER",
            Double.NaN,
            "");
    ObjectNode tree = SamplePage.tree(SampleReport.of(1));
    ArrayNode group = tree.putArray("group");
    group.add(new ObjectMapper().readTree(text(none)));
    tree.withArray("/subjects/0/curve/points").forEach(p -> ((ObjectNode) p).putNull("top1Low"));
    ((ObjectNode) tree.at("/subjects/0/curve/points/2")).putNull("top1").putNull("top5");
    ((ObjectNode) tree.at("/geometry")).putNull("ceilingLow");
    String html = rendered(folder, tree.toString(), Form.FOLDER).replace("hold NaN in run", "");
    assertFalse(html.contains("NaN") || html.contains("Infinity") || html.contains(">null<"));
    assertTrue(section(html, "scores").contains("no null to compare"));
    assertTrue(section(html, "score-figures").contains("This score has no number."));
    assertTrue(section(html, "retrieval").contains("<span class=\"none\">n/a</span>"));
  }

  @Test
  void oneSubjectHasNoGroupAndFourHaveOne() throws IOException {
    assertFalse(section(page(folder, SampleReport.of(1)), "scores").contains("All subjects"));
    String four = page(folder, SampleReport.of(4));
    assertEquals(4, found(section(four, "scores"), "(All subjects)").size());
    assertEquals(4, found(section(four, "retrieval"), "(<svg class=\"chart\")").size());
    assertEquals(4, found(section(four, "score-figures"), "(<svg class=\"chart\")").size());
  }

  @Test
  void theSameJsonGivesTheSameBytes() throws IOException {
    ReportJson.write(folder.resolve("report.json"), SampleReport.of(2));
    Path page = ReportPage.render(folder.resolve("report.json"), Form.FOLDER);
    byte[] first = Files.readAllBytes(page);
    ReportPage.render(folder.resolve("report.json"), Form.FOLDER);
    assertArrayEquals(first, Files.readAllBytes(page));
    assertEquals(folder.resolve("report.html"), page);
  }

  @Test
  void blocksComeFirst() throws IOException {
    assertEquals(
        List.of("BLOCK", "WARN", "NOT JUDGED", "PASS", "PASS", "PASS"),
        found(page(folder, SampleReport.of(1)), "class=\"found\">.*?</svg> ([A-Z ]+)</p>"));
  }

  @Test
  void aBrokenReportIsNotRendered() throws IOException {
    Files.writeString(folder.resolve("report.json"), "{\"schema\":\"other\"}");
    assertThrows(
        DataException.class, () -> ReportPage.render(folder.resolve("report.json"), Form.FOLDER));
    assertFalse(Files.exists(folder.resolve("report.html")));
  }

  private static String text(ScoreLine score) {
    Report sample = SampleReport.empty();
    String json =
        ReportJson.text(
            new Report(
                sample.schema(),
                "",
                sample.verdict(),
                sample.study(),
                List.of(),
                List.of(score),
                List.of(),
                null,
                List.of(),
                List.of(),
                ""));
    int begin = json.indexOf('{', json.indexOf("\"group\""));
    return json.substring(begin, json.indexOf('}', begin) + 1);
  }

  private static void numbers(JsonNode node, Set<Double> into) {
    if (node.isNumber()) {
      into.add(node.doubleValue());
    }
    node.forEach(child -> numbers(child, into));
  }
}
