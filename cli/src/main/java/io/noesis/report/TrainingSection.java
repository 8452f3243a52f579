package io.noesis.report;

import io.noesis.report.LearningPanel.EpochLine;
import io.noesis.report.LearningPanel.TrainingCurve;
import java.util.List;
import org.jfree.chart.axis.NumberAxis;

/** The losses of networks over the epochs of their training. */
final class TrainingSection implements Section {
  /** More charts than these say nothing new; the table has all networks. */
  private static final int DRAWN = 6;

  private static final int DECIMALS = 4;

  @Override
  public String id() {
    return "training";
  }

  @Override
  public String title() {
    return "How the networks learned";
  }

  @Override
  public boolean belongs(Report report) {
    LearningPanel learning = report.learning();
    return learning != null && !learning.networks().isEmpty();
  }

  @Override
  public void write(Report report, Page page) {
    List<TrainingCurve> networks = java.util.Objects.requireNonNull(report.learning()).networks();
    page.hint(
        "Test trials have no part in these losses. The loss of training rows falls in any case;"
            + " what tells is that of validation rows, where some were kept aside.");
    Html html = page.html();
    html.open("p", "class", "legend");
    CurveSection.key(html, "line first", "training rows");
    CurveSection.key(html, "line second", "validation rows");
    html.close("p");
    html.open("div", "class", "figures");
    networks.stream().limit(DRAWN).forEach(network -> figure(network, page));
    html.close("div");
    if (networks.size() > DRAWN) {
      page.nothing(
          (networks.size() - DRAWN) + " more networks stand in the table and in report.json.");
    }
    table(networks, page);
  }

  private static void figure(TrainingCurve network, Page page) {
    List<LinesChart.Line> lines =
        List.of(
            new LinesChart.Line(
                Ink.FIRST,
                LinesChart.Mark.NONE,
                network.epochs().stream().map(e -> point(e, e.loss())).toList()),
            new LinesChart.Line(
                Ink.SECOND,
                LinesChart.Mark.NONE,
                network.epochs().stream().map(e -> point(e, e.validation())).toList()));
    if (!LinesChart.drawable(lines)) {
      return;
    }
    page.html().open("figure").element("figcaption", network.network());
    page.html()
        .markup(
            LinesChart.svg(
                new NumberAxis("Epoch"),
                "Loss",
                lines,
                new ChartSvg.Frame(
                    page.nextChart(),
                    "Loss against epochs, " + network.network(),
                    "Loss of training rows and, where there are such, of validation rows over "
                        + network.epochs().size()
                        + " epochs. First and last stand in the table below.",
                    0)));
    page.html().close("figure");
  }

  private static LinesChart.Point point(EpochLine epoch, double loss) {
    return new LinesChart.Point(epoch.epoch(), loss, Double.NaN, Double.NaN);
  }

  private static void table(List<TrainingCurve> networks, Page page) {
    Html html = page.html();
    html.open("details", "class", "numbers").element("summary", "The numbers");
    page.openScroll("Losses");
    html.open("table").open("thead").open("tr");
    html.element("th", "Network", "scope", "col");
    for (String head :
        new String[] {"Epochs", "First loss", "Last loss", "Best validation", "in epoch"}) {
      html.element("th", head, "scope", "col", "class", "number");
    }
    html.close("tr").close("thead").open("tbody");
    for (TrainingCurve network : networks) {
      List<EpochLine> epochs = network.epochs();
      html.open("tr").element("th", network.network(), "scope", "row");
      html.element("td", Integer.toString(epochs.size()), "class", "number");
      page.numberCell(epochs.isEmpty() ? Double.NaN : epochs.get(0).loss(), DECIMALS);
      page.numberCell(
          epochs.isEmpty() ? Double.NaN : epochs.get(epochs.size() - 1).loss(), DECIMALS);
      EpochLine best = null;
      for (EpochLine epoch : epochs) {
        if (Double.isFinite(epoch.validation())
            && (best == null || epoch.validation() < best.validation())) {
          best = epoch;
        }
      }
      page.numberCell(best == null ? Double.NaN : best.validation(), DECIMALS);
      html.element(
          "td", best == null ? Numbers.NONE : Integer.toString(best.epoch()), "class", "number");
      html.close("tr");
    }
    html.close("tbody").close("table");
    page.closeScroll();
    html.close("details");
  }
}
