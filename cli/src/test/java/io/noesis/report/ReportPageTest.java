package io.noesis.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.noesis.report.Report.ScoreLine;
import io.noesis.report.ReportPage.Form;
import io.noesis.run.DataException;
import io.noesis.run.OutputException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
  private static final String HOSTILE =
      "\"><script>alert(1)</script><img src=x onerror='alert(2)'>&lt;b&gt;\u202E\u0007</style>-->]]>";

  /** Keys whose values choose among fixed words; the rest of the texts is free. */
  private static final Set<String> CLOSED =
      Set.of("schema", "level", "origin", "verdict", "direction", "parts", "match");

  private static final String CHART = "(?s)(<svg class=\"chart\".*?</svg>)";

  private static final Set<String> DRAWING =
      Set.of("svg", "title", "desc", "g", "line", "path", "rect", "text");

  @TempDir Path folder;

  @Test
  void sectionsStandInTheirFixedOrder() throws IOException {
    List<String> all =
        List.of(
            "verdict",
            "audits",
            "scores",
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
    assertEquals(all, found(page(SampleReport.of(2)), "<section id=\"([^\"]+)\""));
    List<String> without = new ArrayList<>(all);
    without.remove("geometry");
    assertEquals(without, found(page(SampleReport.empty()), "<section id=\"([^\"]+)\""));
  }

  @Test
  void aReportOfGeometriesAloneShowsNothingOfDecoding() throws IOException {
    String html = page(SampleReport.geometryOnly());
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
  void nothingIsLoadedFromElsewhere() throws IOException {
    String html = page(SampleReport.of(4));
    assertFalse(html.contains("http://") || html.contains("https://"));
    assertFalse(html.matches("(?is).*<(script|link|iframe|object|embed|base|form)\\b.*"));
    assertFalse(html.contains("@import") || html.contains("url("));
    assertTrue(html.contains("Content-Security-Policy\" content=\"default-src &#39;none&#39;"));
    for (String source : found(html, "src=\"([^\"]*)\"")) {
      assertTrue(source.startsWith("./pictures/"), source);
    }
    for (String target : found(html, "href=\"([^\"]*)\"")) {
      assertTrue(target.startsWith("#"), target);
    }
  }

  @Test
  void linksLeadToIdsAndIdsAreUnique() throws IOException {
    String html = page(SampleReport.of(4));
    List<String> ids = found(html, " id=\"([^\"]+)\"");
    assertEquals(ids.size(), new HashSet<>(ids).size(), "an id is used twice");
    for (String target : found(html, "href=\"#([^\"]*)\"")) {
      assertTrue(ids.contains(target), target);
    }
    for (String names : found(html, "aria-labelledby=\"([^\"]*)\"")) {
      assertTrue(ids.containsAll(List.of(names.split(" "))), names);
    }
  }

  @Test
  void everyNumberIsOneOfTheJsonsInItsRounding() throws IOException {
    Report report = SampleReport.of(4);
    String html = page(report);
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
    found(page(report), "<data value=\"([^\"]+)\"").forEach(v -> shown.add(Double.valueOf(v)));
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
    String html = page(report);
    String section = html.substring(html.indexOf("<section id=\"audits\""));
    section = section.substring(0, section.indexOf("</section>"));
    int fold = section.indexOf("<details>");
    List<Report.AuditLine> audits = report.audits();
    long passed = audits.stream().filter(AuditSection::isPassed).count();
    assertTrue(passed > 0 && passed < audits.size(), audits.toString());
    assertTrue(section.contains("<summary>" + passed + " passed: "), section);
    for (Report.AuditLine line : audits) {
      String shown = Html.escape(line.decidedBy());
      int at = AuditSection.isPassed(line) ? section.indexOf(shown, fold) : section.indexOf(shown);
      assertTrue(at > 0 && AuditSection.isPassed(line) == at > fold, line.toString());
    }
  }

  @Test
  void hostileTextsCannotChangeTheMarkup() throws IOException {
    String tame = rendered(replaced("word"), Form.FOLDER);
    String hostile = rendered(replaced(HOSTILE), Form.FOLDER);
    assertEquals(tags(tame), tags(hostile));
    List<String> charts = found(hostile, CHART);
    assertEquals(found(tame, CHART).size(), charts.size());
    for (String chart : charts) {
      assertTrue(DRAWING.containsAll(elements(chart)), chart);
    }
    assertFalse(hostile.contains("<script") || hostile.contains("onerror='"));
    assertFalse(hostile.contains("\u202E") || hostile.contains("\u0007"));
    assertTrue(hostile.contains("&lt;script&gt;alert(1)"));
  }

  @Test
  void theFolderCanBeMoved() throws IOException {
    Path first = folder.resolve("here/run");
    SamplePictures.draw(first);
    ReportJson.write(first.resolve("report.json"), SampleReport.of(1));
    ReportPage.render(first.resolve("report.json"), Form.FOLDER);
    Path second = folder.resolve("there with space & <odd> name");
    Files.move(first, second);
    String html = Files.readString(second.resolve("report.html"));
    assertFalse(html.contains(folder.getFileName().toString()));
    List<String> sources = found(html, "<img src=\"([^\"]+)\"");
    assertEquals(8 * 6, sources.size());
    for (String source : sources) {
      assertTrue(Files.isRegularFile(second.resolve(source)), source);
    }
  }

  @Test
  void aSelfContainedPageHoldsItsPictures() throws IOException {
    SamplePictures.draw(folder);
    String html = rendered(SampleReport.of(1), Form.SELF_CONTAINED);
    List<String> sources = found(html, "<img src=\"([^\"]{0,40})");
    assertEquals(8 * 6, sources.size());
    assertTrue(sources.stream().allMatch(s -> s.startsWith("data:image/png;base64,iVBOR")));
    assertFalse(html.contains("./pictures"));
  }

  @Test
  void aSelfContainedPageHasALimit() throws IOException {
    SamplePictures.draw(folder);
    Pictures few = new Pictures(folder, Form.SELF_CONTAINED, 2000);
    OutputException e =
        assertThrows(OutputException.class, () -> ReportPage.html(SampleReport.of(1), few));
    assertTrue(e.getMessage().contains("folder form"), e.getMessage());
    assertTrue(e.getMessage().contains("pictures/"), e.getMessage());
  }

  @Test
  void onlyPicturesBelowTheReportAreShown() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("run"));
    SamplePictures.draw(folder);
    Path secret = folder.resolve("pictures/cat-0.png");
    Files.createSymbolicLink(inner.resolve("link.png"), secret);
    Files.writeString(inner.resolve("page.png"), "<svg onload='alert(1)'/>");
    for (Form form : Form.values()) {
      for (String file :
          List.of(
              "../pictures/cat-0.png", secret.toString(), "link.png", "http://a/b.png", "a\0b")) {
        Pictures pictures = new Pictures(inner, form, Pictures.CAP_BYTES);
        assertTrue(pictures.source(new Report.Picture("x", "", file)).isEmpty(), file);
      }
    }
    Pictures inlined = new Pictures(inner, Form.SELF_CONTAINED, Pictures.CAP_BYTES);
    assertTrue(inlined.source(new Report.Picture("x", "", "page.png")).isEmpty());
    String html = page(SampleReport.of(1));
    assertNotEquals(0, found(html, "(picture not found below the report)").size());
  }

  @Test
  void anEmptyReportSaysSoInEverySection() throws IOException {
    String html = page(SampleReport.empty());
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
    ObjectNode tree = tree(SampleReport.of(1));
    ArrayNode group = tree.putArray("group");
    group.add(new ObjectMapper().readTree(text(none)));
    tree.withArray("/subjects/0/curve/points").forEach(p -> ((ObjectNode) p).putNull("top1Low"));
    ((ObjectNode) tree.at("/subjects/0/curve/points/2")).putNull("top1").putNull("top5");
    ((ObjectNode) tree.at("/geometry")).putNull("ceilingLow");
    String html = rendered(tree.toString(), Form.FOLDER).replace("hold NaN in run", "");
    assertFalse(html.contains("NaN") || html.contains("Infinity") || html.contains(">null<"));
    assertTrue(section(html, "scores").contains("no null to compare"));
    assertTrue(section(html, "score-figures").contains("This score has no number."));
    assertTrue(section(html, "retrieval").contains("<span class=\"none\">n/a</span>"));
  }

  @Test
  void oneSubjectHasNoGroupAndFourHaveOne() throws IOException {
    assertFalse(section(page(SampleReport.of(1)), "scores").contains("All subjects"));
    String four = page(SampleReport.of(4));
    assertEquals(4, found(section(four, "scores"), "(All subjects)").size());
    assertEquals(4, found(section(four, "retrieval"), "(<svg class=\"chart\")").size());
    assertEquals(4, found(section(four, "score-figures"), "(<svg class=\"chart\")").size());
  }

  @Test
  void manyCategoriesAndItemsStaySmall() throws IOException {
    List<String> forty = IntStream.range(0, 40).mapToObj(i -> "category " + i).toList();
    String html = page(SampleReport.of(List.of(SampleReport.subject("01", forty, 20))));
    assertEquals(1600, found(section(html, "confusion"), "(<td class=\"h\\d+)").size());
    assertEquals(20, found(html, "(<article class=\"item\">)").size());
    assertTrue(html.length() < 400_000, html.length() + " characters");
    for (String chart : found(html, CHART)) {
      assertTrue(chart.length() < 20_000, chart.length() + " characters");
    }
  }

  @Test
  void chartsTakeTheirColoursFromThePage() throws IOException {
    String html = page(SampleReport.of(2));
    Set<String> known = new HashSet<>(found(html, "(--[a-z-]+): "));
    List<String> charts = found(html, CHART);
    assertEquals(7, charts.size());
    for (String chart : charts) {
      assertFalse(chart.contains("rgb(") || chart.contains("clip-path"), chart);
      assertFalse(chart.contains("font-family"), chart);
      assertTrue(known.containsAll(found(chart, "var\\((--[a-z-]+)\\)")), chart);
      assertTrue(chart.contains("<title id=") && chart.contains("<desc id="), chart);
      assertTrue(chart.contains("viewBox=\"0 0 400 "), chart);
    }
  }

  @Test
  void textStandsOutFromPaperInLightAndDark() throws IOException {
    String html = page(SampleReport.empty());
    List<Map<String, String>> schemes = new ArrayList<>();
    for (String block : found(html, "(?s):root \\{(.*?)\\}")) {
      Map<String, String> colours = new TreeMap<>();
      Pattern.compile("--([a-z-]+): (#[0-9a-f]{6})")
          .matcher(block)
          .results()
          .forEach(m -> colours.put(m.group(1), m.group(2)));
      if (colours.containsKey("paper")) {
        schemes.add(colours);
      }
    }
    assertEquals(2, schemes.size());
    for (Map<String, String> scheme : schemes) {
      for (String text :
          List.of("ink", "muted", "good", "care", "stop", "open", "first", "second")) {
        double contrast = contrast(scheme.get(text), scheme.get("paper"));
        assertTrue(contrast >= 4.5, text + " has " + contrast);
      }
    }
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
        found(page(SampleReport.of(1)), "class=\"found\">.*?</svg> ([A-Z ]+)</p>"));
  }

  @Test
  void aBrokenReportIsNotRendered() throws IOException {
    Files.writeString(folder.resolve("report.json"), "{\"schema\":\"other\"}");
    assertThrows(
        DataException.class, () -> ReportPage.render(folder.resolve("report.json"), Form.FOLDER));
    assertFalse(Files.exists(folder.resolve("report.html")));
  }

  private String page(Report report) throws IOException {
    return rendered(ReportJson.text(report), Form.FOLDER, pictures());
  }

  private Path pictures() throws IOException {
    Path run = folder.resolve("with pictures");
    if (!Files.exists(run)) {
      SamplePictures.draw(run);
      Files.delete(run.resolve(SampleReport.picture(SampleReport.CATEGORIES, 0, 0).file()));
    }
    return run;
  }

  private String rendered(Report report, Form form) throws IOException {
    return rendered(ReportJson.text(report), form);
  }

  private String rendered(String json, Form form) throws IOException {
    return rendered(json, form, folder);
  }

  private static String rendered(String json, Form form, Path where) throws IOException {
    Path file = where.resolve("report.json");
    Files.writeString(file, json);
    return Files.readString(ReportPage.render(file, form));
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

  private static ObjectNode tree(Report report) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(ReportJson.text(report));
  }

  /** A report in which every free text is the given one. */
  private static String replaced(String text) throws IOException {
    ObjectNode tree = tree(SampleReport.of(2));
    replace(tree, text);
    return tree.toString();
  }

  private static void replace(JsonNode node, String text) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : List.copyOf(object.properties())) {
        if (entry.getValue().isTextual() && !CLOSED.contains(entry.getKey())) {
          object.put(entry.getKey(), text);
        } else {
          replace(entry.getValue(), text);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i).isTextual()) {
          array.set(i, TextNode.valueOf(text));
        } else {
          replace(array.get(i), text);
        }
      }
    }
  }

  private static void numbers(JsonNode node, Set<Double> into) {
    if (node.isNumber()) {
      into.add(node.doubleValue());
    }
    node.forEach(child -> numbers(child, into));
  }

  /** The names of the elements of a chart, read by an XML parser. */
  private static Set<String> elements(String chart) throws IOException {
    Set<String> names = new HashSet<>();
    try {
      XMLStreamReader xml =
          XMLInputFactory.newDefaultFactory().createXMLStreamReader(new StringReader(chart));
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT) {
          names.add(xml.getLocalName());
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException(chart, e);
    }
    return names;
  }

  /**
   * Names of tags and attributes in order, without any value and without the inside of charts,
   * whose ticks depend on the length of labels.
   */
  private static List<String> tags(String html) {
    String body = html.substring(html.indexOf("</style>")).replaceAll(CHART, "<svg>");
    return Pattern.compile("<(/?[a-zA-Z!][^>]*)>")
        .matcher(body)
        .results()
        .map(m -> m.group(1).replaceAll("=(\"[^\"]*\"|'[^']*')", ""))
        .toList();
  }

  private static List<String> found(String html, String pattern) {
    return Pattern.compile(pattern).matcher(html).results().map(m -> m.group(1)).toList();
  }

  private static String section(String html, String id) {
    int begin = html.indexOf("<section id=\"" + id + "\"");
    return html.substring(begin, html.indexOf("</section>", begin));
  }

  /** Contrast ratio of two colours as in WCAG 2.2. */
  private static double contrast(String a, String b) {
    double x = luminance(a);
    double y = luminance(b);
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  }

  private static double luminance(String colour) {
    double[] weights = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double c = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
      sum += weights[i] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
  }
}
