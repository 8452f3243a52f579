package io.noesis.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.report.ReportPage.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Pages of sample reports, and what tests look for in them. */
final class SamplePage {
  /** A whole chart. */
  static final String CHART = "(?s)(<svg class=\"chart\".*?</svg>)";

  private SamplePage() {}

  /** The page of a report below a folder, beside its pictures, of which one is missing. */
  static String page(Path folder, Report report) throws IOException {
    Path run = folder.resolve("with pictures");
    if (!Files.exists(run)) {
      SamplePictures.draw(run);
      Files.delete(run.resolve(SampleReport.picture(SampleReport.CATEGORIES, 0, 0).file()));
    }
    return rendered(run, ReportJson.text(report), Form.FOLDER);
  }

  /** The page of a {@code report.json} that is written into a folder. */
  static String rendered(Path folder, String json, Form form) throws IOException {
    Path file = folder.resolve("report.json");
    Files.writeString(file, json);
    return Files.readString(ReportPage.render(file, form));
  }

  static ObjectNode tree(Report report) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(ReportJson.text(report));
  }

  /** The first group of every match. */
  static List<String> found(String html, String pattern) {
    return Pattern.compile(pattern).matcher(html).results().map(m -> m.group(1)).toList();
  }

  /** One section of a page. */
  static String section(String html, String id) {
    int begin = html.indexOf("<section id=\"" + id + "\"");
    return html.substring(begin, html.indexOf("</section>", begin));
  }
}
