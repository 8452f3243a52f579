package io.noesis.report;

import io.noesis.report.AlsoPanel.AlsoScore;
import io.noesis.report.AlsoPanel.AlsoTarget;
import java.util.Objects;

/** What else was decoded of the same responses, in short: each target has a page of its own. */
final class AlsoSection implements Section {
  @Override
  public String id() {
    return "also";
  }

  @Override
  public String title() {
    return "Further targets";
  }

  @Override
  public boolean belongs(Report report) {
    return report.also() != null;
  }

  @Override
  public void write(Report report, Page page) {
    AlsoPanel panel = Objects.requireNonNull(report.also());
    page.hint(
        "Decoded of the same responses by the same trials, folds and seed, each in a run of its own"
            + " with its own audits. Pictures of a condition are made of what the same condition"
            + " gives for each.");
    panel.targets().forEach(target -> target(target, page));
  }

  private static void target(AlsoTarget target, Page page) {
    Html html = page.html();
    html.element("h3", target.name());
    html.open("p").text(words(target));
    if (!target.page().isEmpty()) {
      html.text(" ").element("a", "Its own page", "href", target.page()).text(".");
    }
    html.close("p");
    page.lines(target.facts());
    if (target.scores().isEmpty()) {
      page.nothing("No headline score: no subject has a result.");
      return;
    }
    page.openScroll("Headline scores of " + target.name());
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", "Subject", "scope", "col").element("th", "Score", "scope", "col");
    ScoreCells.heads(html);
    html.close("tr").close("thead").open("tbody");
    for (AlsoScore line : target.scores()) {
      html.open("tr").element("th", line.who(), "scope", "row");
      html.element("td", ScoreCells.label(line.score()));
      ScoreCells.cells(page, line.score());
      html.close("tr");
    }
    html.close("tbody").close("table");
    page.closeScroll();
  }

  /** Its verdict in one line. */
  static String words(AlsoTarget target) {
    return VerdictSection.words(target.verdict().level())
        + ": "
        + target.verdict().headline()
        + ".";
  }
}
