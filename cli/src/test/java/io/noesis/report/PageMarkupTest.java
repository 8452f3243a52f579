package io.noesis.report;

import static io.noesis.report.SamplePage.CHART;
import static io.noesis.report.SamplePage.found;
import static io.noesis.report.SamplePage.page;
import static io.noesis.report.SamplePage.rendered;
import static io.noesis.report.SamplePage.section;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.noesis.report.ReportPage.Form;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The markup of a page: it loads nothing, cannot be changed by texts, stays small and legible. */
class PageMarkupTest {
  private static final String HOSTILE =
      "\"><script>alert(1)</script><img src=x onerror='alert(2)'>&lt;b&gt;\u202E\u0007</style>-->]]>";

  /** Keys whose values choose among fixed words; the rest of the texts is free. */
  private static final Set<String> CLOSED =
      Set.of("schema", "level", "origin", "verdict", "direction", "parts", "match");

  private static final Set<String> DRAWING =
      Set.of("svg", "title", "desc", "g", "line", "path", "rect", "text");

  @TempDir Path folder;

  @Test
  void nothingIsLoadedFromElsewhere() throws IOException {
    String html = page(folder, SampleReport.of(4));
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
    String html = page(folder, SampleReport.of(4));
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
  void hostileTextsCannotChangeTheMarkup() throws IOException {
    String tame = rendered(folder, replaced("word"), Form.FOLDER);
    String hostile = rendered(folder, replaced(HOSTILE), Form.FOLDER);
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
  void manyCategoriesAndItemsStaySmall() throws IOException {
    List<String> forty = IntStream.range(0, 40).mapToObj(i -> "category " + i).toList();
    String html = page(folder, SampleReport.of(List.of(SampleReport.subject("01", forty, 20))));
    assertEquals(1600, found(section(html, "confusion"), "(<td class=\"h\\d+)").size());
    assertEquals(20, found(html, "(<article class=\"item\">)").size());
    assertTrue(html.length() < 400_000, html.length() + " characters");
    for (String chart : found(html, CHART)) {
      assertTrue(chart.length() < 20_000, chart.length() + " characters");
    }
  }

  @Test
  void chartsTakeTheirColoursFromThePage() throws IOException {
    String html = page(folder, SampleReport.of(2));
    Set<String> known = new HashSet<>(found(html, "(--[a-z-]+): "));
    List<String> charts = found(html, CHART);
    assertEquals(7 + 2 * 3, charts.size(), "and three of slots each");
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
    String html = page(folder, SampleReport.empty());
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

  /** A report in which every free text is the given one. */
  private static String replaced(String text) throws IOException {
    ObjectNode tree = SamplePage.tree(SampleReport.of(2));
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
