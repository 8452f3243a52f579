package io.noesis.report;

import io.noesis.report.HeadlineSection.Owned;
import io.noesis.report.RowChart.Row;
import io.noesis.report.RowChart.Rows;
import io.noesis.report.RowChart.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every headline score as a point over the band of its null, one chart per metric. */
final class ScoreFigureSection implements Section {
  @Override
  public String id() {
    return "score-figures";
  }

  @Override
  public String title() {
    return "Scores against their null";
  }

  @Override
  public boolean belongs(Report report) {
    return report.decodes();
  }

  @Override
  public void write(Report report, Page page) {
    Map<String, List<Owned>> byMetric = HeadlineSection.byMetric(report);
    if (byMetric.isEmpty()) {
      page.nothing("No figure: there is no headline score.");
      return;
    }
    page.hint(
        "A point whose interval stays clear of the grey band is a result; a point on the band is"
            + " not. The numbers are those of the table of headline scores.");
    Html html = page.html();
    html.open("p", "class", "legend");
    CurveSection.key(html, "disc first", "subject, with 95 % interval");
    if (!report.group().isEmpty()) {
      CurveSection.key(html, "diamond first", "all subjects");
    }
    CurveSection.key(html, "band chance", "null, 95 % band, and chance");
    CurveSection.key(html, "dash second", "ceiling");
    html.close("p").open("div", "class", "figures");
    byMetric.values().forEach(owned -> figure(owned, page));
    html.close("div");
  }

  private static void figure(List<Owned> owned, Page page) {
    ScoreLine first = owned.get(0).score();
    String label = ScoreCells.label(first);
    List<Row> rows = new ArrayList<>();
    for (Owned one : owned) {
      Weight weight =
          one.who().startsWith(HeadlineSection.EVERYBODY) ? Weight.TOGETHER : Weight.SINGLE;
      rows.add(new Row(one.who(), weight, one.score(), List.of()));
    }
    Rows all = new Rows(axis(first), rows, Double.NaN, Double.NaN);
    Html html = page.html();
    html.open("figure").element("figcaption", label);
    if (RowChart.drawable(all)) {
      html.markup(
          RowChart.svg(
              all,
              new ChartSvg.Frame(
                  page.nextChart(),
                  label,
                  "One row per subject: the value with its 95 % interval over the 95 % band of its"
                      + " null. The numbers are in the table of headline scores.",
                  RowChart.height(rows.size()))));
    } else {
      page.nothing("This score has no number.");
    }
    html.close("figure");
  }

  private static String axis(ScoreLine score) {
    return "LOWER".equals(score.direction()) ? "\u2190 better" : "better \u2192";
  }
}
