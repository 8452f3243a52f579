package io.noesis.report;

import io.noesis.report.SubjectPanel.Curve;
import io.noesis.report.SubjectPanel.CurvePoint;

/** Retrieval accuracy against the number of candidates. */
final class CurveSection implements Section {
  private static final int DECIMALS = 3;

  @Override
  public String id() {
    return "retrieval";
  }

  @Override
  public String title() {
    return "Retrieval against pool size";
  }

  @Override
  public boolean belongs(Report report) {
    return report.decodes();
  }

  @Override
  public void write(Report report, Page page) {
    boolean any =
        report.subjects().stream()
            .map(SubjectPanel::curve)
            .anyMatch(curve -> curve != null && CurveChart.drawable(curve));
    if (!any) {
      page.nothing("No retrieval curve: no subject has one.");
      return;
    }
    page.hint(
        "An accuracy means nothing without its pool: it falls as candidates are added. Above the"
            + " grey band the true stimulus is found more often than by chance.");
    legend(page.html());
    page.html().open("div", "class", "figures");
    for (SubjectPanel subject : report.subjects()) {
      subject(subject, page);
    }
    page.html().close("div");
  }

  private static void legend(Html html) {
    html.open("p", "class", "legend");
    key(html, "disc first", "top-1 with 95 % interval");
    key(html, "square second", "top-5");
    key(html, "band chance", "chance of top-1, 95 % band");
    key(html, "dash second", "chance of top-5");
    html.close("p");
  }

  /** One entry of a chart's legend; the mark is drawn by the style sheet. */
  static void key(Html html, String mark, String word) {
    html.open("span", "class", "key").element("i", "", "class", "mark " + mark);
    html.text(" " + word).close("span");
  }

  private static void subject(SubjectPanel subject, Page page) {
    Html html = page.html();
    html.open("figure");
    html.element("figcaption", "Subject " + subject.id());
    Curve curve = subject.curve();
    if (curve == null || !CurveChart.drawable(curve)) {
      page.nothing("No curve for this subject.");
    } else {
      html.markup(CurveChart.svg(curve, page.nextChart(), subject.id()));
      table(curve, subject.id(), page);
    }
    html.close("figure");
  }

  private static void table(Curve curve, String subject, Page page) {
    Html html = page.html();
    html.open("details", "class", "numbers").element("summary", "The numbers");
    page.openScroll("Retrieval of subject " + subject);
    html.open("table").open("thead").open("tr");
    for (String head :
        new String[] {
          "Pool", "Top-1", "95 % interval", "Chance", "Chance band", "Top-5", "Chance"
        }) {
      html.element("th", head, "scope", "col", "class", "number");
    }
    html.close("tr").close("thead").open("tbody");
    for (CurvePoint point : curve.points()) {
      html.open("tr").element("th", Integer.toString(point.pool()), "scope", "row");
      page.numberCell(point.top1(), DECIMALS);
      page.rangeCell(point.top1Low(), point.top1High(), DECIMALS);
      page.numberCell(point.chanceTop1(), DECIMALS);
      page.rangeCell(point.chanceLow(), point.chanceHigh(), DECIMALS);
      page.numberCell(point.top5(), DECIMALS);
      page.numberCell(point.chanceTop5(), DECIMALS);
      html.close("tr");
    }
    html.close("tbody").close("table");
    page.closeScroll();
    html.close("details");
  }
}
