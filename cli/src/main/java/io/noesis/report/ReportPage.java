package io.noesis.report;

import io.noesis.run.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Renders one HTML page from {@code report.json} and nothing else. The page computes nothing but
 * layout, loads nothing from anywhere, runs no script, follows light and dark, and prints. The same
 * file gives the same bytes.
 */
public final class ReportPage {
  /** The panels of the page in their order. */
  static final List<Section> SECTIONS =
      List.of(
          new VerdictSection(),
          new AuditSection(),
          new HeadlineSection(),
          new RidgeSection(),
          new SlotsSection(),
          new AblationSection(),
          new AlsoSection(),
          new MadeSection(),
          new StudySection(),
          new SplitSection(),
          new CurveSection(),
          new NewSubjectSection(),
          new TrainingSection(),
          new ScoreFigureSection(),
          new ConfusionSection(),
          new GallerySection(),
          new GeometrySection(),
          new AllScoresSection(),
          new WarningsSection(),
          new ProvenanceSection(),
          new MethodsSection());

  private static final String STYLE = resource("report.css");

  /** No script, no frame, no network: what the page may load is said once, for the browser. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file: data:; base-uri 'none';"
          + " form-action 'none'";

  private static final String OF_DECODING =
      "For research use. Decoding is not mind reading: the numbers say how well known stimuli were"
          + " told apart from recordings of people who took part willingly, with decoders trained"
          + " on those same people. They say nothing about thoughts, intentions or health, and"
          + " nothing about anybody else.";

  private static final String OF_GEOMETRY =
      "For research use. The numbers say how alike two tables of distances are. A model whose"
          + " distances are like those of a brain need not work as the brain does, and nothing here"
          + " speaks for people who were not measured.";

  private ReportPage() {}

  /** Where the pictures of the page are. */
  public enum Form {
    /** Beside the page, linked by relative paths: small, moves with its folder. */
    FOLDER,
    /** Inside the page: one file to send. */
    SELF_CONTAINED
  }

  /**
   * Renders the page beside its JSON file.
   *
   * @param json a {@code report.json}; pictures are looked up below its folder
   * @param form where the pictures of the page are
   * @return the page: the same name ending in {@code .html}; replaced when it exists
   * @throws io.noesis.run.DataException when the JSON cannot be read or breaks its schema
   * @throws io.noesis.run.OutputException when the page cannot be written, or its pictures are too
   *     large for a self-contained page
   */
  public static Path render(Path json, Form form) {
    Report report = ReportJson.read(json);
    Path page = json.resolveSibling(fileName(json));
    Pictures pictures =
        new Pictures(json.toAbsolutePath().resolveSibling(""), form, Pictures.CAP_BYTES);
    AtomicFile.writeText(page, html(report, pictures));
    return page;
  }

  private static String fileName(Path json) {
    return json.getFileName().toString().replaceFirst("(?i)\\.json$", "") + ".html";
  }

  /** The page as text. */
  static String html(Report report, Pictures pictures) {
    Page page = new Page(pictures);
    Html html = page.html();
    html.markup("<!DOCTYPE html>\n").open("html", "lang", "en");
    head(report, html);
    html.open("body");
    if (report.study().simulated()) {
      html.open("p", "class", "ribbon").element("strong", "SIMULATED");
      html.text(" A program made these responses. No brain was recorded.").close("p");
    }
    List<Section> sections = SECTIONS.stream().filter(s -> s.belongs(report)).toList();
    html.open("div", "class", "sheet");
    contents(sections, html);
    html.open("main");
    html.open("header", "class", "title").element("h1", report.title());
    html.element("p", report.study().title(), "class", "study").close("header");
    for (Section section : sections) {
      String heading = section.id() + "-heading";
      html.open("section", "id", section.id(), "aria-labelledby", heading);
      html.element("h2", section.title(), "id", heading);
      section.write(report, page);
      html.close("section");
    }
    footer(report, html);
    html.close("main").close("div").close("body").close("html");
    return html.finish();
  }

  private static void head(Report report, Html html) {
    html.open("head").empty("meta", "charset", "utf-8");
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.empty("meta", "name", "generator", "content", "Noesis");
    html.element("title", report.title());
    html.open("style").markup(STYLE).close("style").close("head");
  }

  private static void contents(List<Section> sections, Html html) {
    html.open("nav", "aria-label", "Contents").open("ol");
    for (Section section : sections) {
      html.open("li").element("a", section.title(), "href", "#" + section.id()).close("li");
    }
    html.close("ol").close("nav");
  }

  private static void footer(Report report, Html html) {
    html.open("footer");
    html.element("p", report.decodes() || report.made() != null ? OF_DECODING : OF_GEOMETRY);
    html.element(
        "p",
        "Subjects appear by their study labels only. This page is made to hold no personal data; see"
            + " to it that labels and captions hold none before you pass it on.");
    html.open("p").text("Every number stands in ").element("code", "report.json");
    html.text(", layout " + report.schema() + ", from which this page was rendered.").close("p");
    html.close("footer");
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading the style sheet out of the jar", e);
    }
  }
}
