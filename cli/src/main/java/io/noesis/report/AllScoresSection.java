package io.noesis.report;

import java.util.List;

/** Every score with its protocol, folded away. */
final class AllScoresSection implements Section {
  @Override
  public String id() {
    return "all-scores";
  }

  @Override
  public String title() {
    return "All scores";
  }

  @Override
  public boolean belongs(Report report) {
    return report.decodes();
  }

  @Override
  public void write(Report report, Page page) {
    boolean none = report.group().isEmpty();
    for (SubjectPanel subject : report.subjects()) {
      none &= subject.scores().isEmpty();
    }
    if (none) {
      page.nothing("No score: no subject has a result.");
      return;
    }
    if (!report.group().isEmpty()) {
      table(HeadlineSection.EVERYBODY, report.group(), page);
    }
    for (SubjectPanel subject : report.subjects()) {
      if (subject.scores().isEmpty()) {
        page.nothing("Subject " + subject.id() + " has no score.");
      } else {
        table("Subject " + subject.id(), subject.scores(), page);
      }
    }
  }

  private static void table(String who, List<ScoreLine> scores, Page page) {
    Html html = page.html();
    html.open("details").element("summary", who + ": " + count(scores.size()));
    page.openScroll("Scores of " + who);
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", "Score", "scope", "col");
    ScoreCells.heads(html);
    html.close("tr").close("thead").open("tbody");
    for (ScoreLine score : scores) {
      html.open("tr").open("th", "scope", "row").text(ScoreCells.label(score));
      html.element("code", score.metric()).close("th");
      ScoreCells.cells(page, score);
      html.close("tr").open("tr", "class", "protocol");
      html.element("td", protocol(score), "colspan", Integer.toString(1 + ScoreCells.COLUMNS));
      html.close("tr");
    }
    html.close("tbody").close("table");
    page.closeScroll();
    html.close("details");
  }

  private static String protocol(ScoreLine score) {
    String unit = "one unit is a " + score.unit();
    return score.protocol().isEmpty() ? unit : unit + "; " + score.protocol();
  }

  private static String count(int scores) {
    return scores == 1 ? "1 score" : scores + " scores";
  }
}
