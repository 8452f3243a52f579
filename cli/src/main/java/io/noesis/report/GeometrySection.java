package io.noesis.report;

import io.noesis.report.GeometryPanel.GeometryLine;
import io.noesis.report.RowChart.Row;
import io.noesis.report.RowChart.Rows;
import io.noesis.report.RowChart.Weight;
import java.util.ArrayList;
import java.util.List;

/** How well models reproduce the measured dissimilarities between conditions. */
final class GeometrySection implements Section {
  private static final int DECIMALS = 3;

  @Override
  public String id() {
    return "geometry";
  }

  @Override
  public String title() {
    return "Representational geometry";
  }

  @Override
  public boolean belongs(Report report) {
    return report.geometry() != null;
  }

  @Override
  public void write(Report report, Page page) {
    GeometryPanel geometry = report.geometry();
    if (geometry == null || geometry.models().isEmpty()) {
      page.nothing("No model was compared with the measured geometry.");
      return;
    }
    page.hint(
        "Each model's distances between conditions are compared ("
            + geometry.comparison()
            + ") with the measured ones. "
            + ceiling(geometry));
    figure(geometry, page);
    table(geometry, page);
    if (!geometry.subjects().isEmpty()) {
      eachSubject(geometry, page);
    }
    if (!geometry.facts().isEmpty()) {
      page.html().element("h3", "What was compared");
      page.lines(geometry.facts());
    }
  }

  private static String ceiling(GeometryPanel geometry) {
    return Double.isFinite(geometry.ceilingLow() + geometry.ceilingHigh())
        ? "No model can be expected above the noise ceiling."
        : "The noise ceiling is not known: it needs two subjects.";
  }

  private static void figure(GeometryPanel geometry, Page page) {
    List<Row> rows = new ArrayList<>();
    for (GeometryLine line : geometry.models()) {
      rows.add(new Row(line.model(), Weight.TOGETHER, line.score(), line.perSubject()));
    }
    Rows all =
        new Rows(
            "similarity (" + geometry.comparison() + ")",
            rows,
            geometry.ceilingLow(),
            geometry.ceilingHigh());
    Html html = page.html();
    html.open("p", "class", "legend");
    CurveSection.key(html, "diamond first", "mean, with 95 % interval");
    CurveSection.key(html, "dot muted", "each subject");
    CurveSection.key(html, "band chance", "null, 95 % band, and chance");
    if (Double.isFinite(geometry.ceilingLow() + geometry.ceilingHigh())) {
      CurveSection.key(html, "band second", "noise ceiling");
    }
    html.close("p").open("div", "class", "figures alone").open("figure");
    if (RowChart.drawable(all)) {
      html.markup(
          RowChart.svg(
              all,
              new ChartSvg.Frame(
                  page.nextChart(),
                  "Models against the measured geometry",
                  "One row per model: mean over subjects with its 95 % interval, single subjects,"
                      + " null band and noise ceiling. The numbers are in the table below.",
                  RowChart.height(rows.size()))));
    } else {
      page.nothing("No model has a number.");
    }
    html.close("figure").close("div");
  }

  private static void table(GeometryPanel geometry, Page page) {
    Html html = page.html();
    html.open("p", "class", "facts").open("span").text("Noise ceiling: ");
    page.range(geometry.ceilingLow(), geometry.ceilingHigh(), DECIMALS);
    html.close("span").close("p");
    page.openScroll("Models");
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", "Model", "scope", "col");
    ScoreCells.heads(html);
    html.close("tr").close("thead").open("tbody");
    for (GeometryLine line : geometry.models()) {
      html.open("tr").element("th", line.model(), "scope", "row");
      ScoreCells.cells(page, line.score());
      html.close("tr");
    }
    html.close("tbody").close("table");
    page.closeScroll();
  }

  private static void eachSubject(GeometryPanel geometry, Page page) {
    Html html = page.html();
    html.element("h3", "Each subject");
    page.openScroll("Models by subject");
    html.open("table").open("thead").open("tr").element("th", "Model", "scope", "col");
    geometry.subjects().forEach(s -> html.element("th", s, "scope", "col", "class", "number"));
    html.close("tr").close("thead").open("tbody");
    for (GeometryLine line : geometry.models()) {
      html.open("tr").element("th", line.model(), "scope", "row");
      line.perSubject().forEach(value -> page.numberCell(value, DECIMALS));
      html.close("tr");
    }
    html.close("tbody").close("table");
    page.closeScroll();
  }
}
