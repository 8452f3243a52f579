package io.noesis.report;

import io.noesis.report.Report.Line;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What was recorded, and the data card of every subject side by side. */
final class StudySection implements Section {
  @Override
  public String id() {
    return "data";
  }

  @Override
  public String title() {
    return "Data";
  }

  @Override
  public void write(Report report, Page page) {
    page.html().element("h3", report.study().title());
    page.lines(
        Stream.concat(
                Stream.of(
                    new Line("Study", report.study().name()), new Line("Origin", origin(report))),
                report.study().facts().stream())
            .toList());
    if (!report.decodes()) {
      return;
    }
    if (report.subjects().isEmpty()) {
      page.nothing("No data card: the report has no subject.");
      return;
    }
    cards(report.subjects(), page);
    for (SubjectPanel subject : report.subjects()) {
      if (subject.failure() != null) {
        page.html()
            .element(
                "p",
                "Subject " + subject.id() + " failed: " + subject.failure(),
                "class",
                "failure");
      }
    }
  }

  private static String origin(Report report) {
    return report.study().simulated() ? "simulated: a program made the responses" : "recorded";
  }

  private static void cards(List<SubjectPanel> subjects, Page page) {
    Set<String> labels = new LinkedHashSet<>();
    subjects.forEach(s -> s.facts().forEach(fact -> labels.add(fact.label())));
    Html html = page.html();
    page.openScroll("Data cards");
    html.open("table", "class", "cards").open("thead").open("tr");
    html.element("th", "Subject", "scope", "col");
    subjects.forEach(s -> html.element("th", s.id(), "scope", "col"));
    html.close("tr").close("thead").open("tbody");
    for (String label : labels) {
      html.open("tr").element("th", label, "scope", "row");
      subjects.forEach(s -> html.element("td", fact(s, label)));
      html.close("tr");
    }
    html.close("tbody").close("table");
    page.closeScroll();
  }

  private static String fact(SubjectPanel subject, String label) {
    return subject.facts().stream()
        .filter(fact -> fact.label().equals(label))
        .map(Line::value)
        .findFirst()
        .orElse("\u2013");
  }
}
