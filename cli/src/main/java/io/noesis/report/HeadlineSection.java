package io.noesis.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The few scores that matter, with everything that is needed to judge them. */
final class HeadlineSection implements Section {
  /** The row name of scores over all subjects. */
  static final String EVERYBODY = "All subjects";

  /** What follows the name of whose scores are those of ridge beside a network. */
  static final String RIDGE = ", ridge";

  @Override
  public String id() {
    return "scores";
  }

  @Override
  public String title() {
    return "Headline scores";
  }

  @Override
  public boolean belongs(Report report) {
    return report.decodes();
  }

  /**
   * A score of somebody.
   *
   * @param who subject label or {@link #EVERYBODY}
   * @param score the score
   */
  record Owned(String who, ScoreLine score) {}

  /**
   * Headline scores by metric, in the order in which they appear; the group comes first, and the
   * score of ridge behind that of a network. Where nothing was decoded but in the making, those of
   * what was made.
   */
  static Map<String, List<Owned>> byMetric(Report report) {
    Map<String, List<Owned>> byMetric = new LinkedHashMap<>();
    RidgePanel ridge = report.ridge();
    report.group().forEach(score -> add(byMetric, EVERYBODY, score));
    if (ridge != null) {
      ridge.group().forEach(score -> add(byMetric, EVERYBODY + RIDGE, score));
    }
    for (SubjectPanel subject : report.subjects()) {
      subject.scores().forEach(score -> add(byMetric, subject.id(), score));
      if (ridge != null) {
        ridge.subjects().stream()
            .filter(beside -> beside.subject().equals(subject.id()))
            .flatMap(beside -> beside.scores().stream())
            .forEach(score -> add(byMetric, subject.id() + RIDGE, score));
      }
    }
    MadePanel made = report.made();
    if (made != null && !report.decodes()) {
      made.subjects().forEach(s -> s.scores().forEach(m -> add(byMetric, s.subject(), m.score())));
    }
    return byMetric;
  }

  private static void add(Map<String, List<Owned>> byMetric, String who, ScoreLine score) {
    if (score.headline()) {
      byMetric
          .computeIfAbsent(score.metric(), metric -> new ArrayList<>())
          .add(new Owned(who, score));
    }
  }

  @Override
  public void write(Report report, Page page) {
    Map<String, List<Owned>> byMetric = byMetric(report);
    if (byMetric.isEmpty()) {
      page.nothing("No headline score: no subject has a result.");
    } else {
      page.hint(
          "Better than chance means: outside the band in which 95 % of the shuffled results lie, and"
              + " p below 0.05. The ceiling is the best that the noise of the recording allows.");
      table(byMetric, page);
    }
    for (SubjectPanel subject : report.subjects()) {
      if (subject.failure() != null) {
        page.html().element("p", "Subject " + subject.id() + " has no result.", "class", "failure");
      }
    }
  }

  private static void table(Map<String, List<Owned>> byMetric, Page page) {
    boolean single = byMetric.values().stream().allMatch(rows -> rows.size() == 1);
    Html html = page.html();
    page.openScroll("Headline scores");
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", single ? "Score" : "Subject", "scope", "col");
    ScoreCells.heads(html);
    html.close("tr").close("thead");
    if (single) {
      html.open("tbody");
      byMetric
          .values()
          .forEach(rows -> row(ScoreCells.label(rows.get(0).score()), rows.get(0).score(), page));
      html.close("tbody");
    } else {
      byMetric.values().forEach(rows -> metric(rows, page));
    }
    html.close("table");
    page.closeScroll();
  }

  private static void metric(List<Owned> rows, Page page) {
    Html html = page.html();
    html.open("tbody").open("tr", "class", "metric");
    html.element(
        "th",
        ScoreCells.label(rows.get(0).score()),
        "scope",
        "rowgroup",
        "colspan",
        Integer.toString(1 + ScoreCells.COLUMNS));
    html.close("tr");
    rows.forEach(row -> row(row.who(), row.score(), page));
    html.close("tbody");
  }

  private static void row(String name, ScoreLine score, Page page) {
    Html html = page.html();
    html.open("tr", "class", name.startsWith(EVERYBODY) ? "everybody" : "one");
    html.element("th", name, "scope", "row");
    ScoreCells.cells(page, score);
    html.close("tr");
  }
}
