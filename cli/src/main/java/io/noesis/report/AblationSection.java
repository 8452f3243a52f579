package io.noesis.report;

import io.noesis.report.AblationPanel.AblatedSubject;
import io.noesis.report.AblationPanel.RegionLine;
import java.util.Objects;

/** What each region of the responses is worth to the decoder. */
final class AblationSection implements Section {
  /** Of scores that are shares or correlations, and of ranks. */
  private static final int DECIMALS = 3;

  @Override
  public String id() {
    return "ablation";
  }

  @Override
  public String title() {
    return "Without one region";
  }

  @Override
  public boolean belongs(Report report) {
    return report.ablation() != null;
  }

  @Override
  public void write(Report report, Page page) {
    page.hint(
        "Test responses were decoded once more with each region's numbers at 0, by the decoder that"
            + " was trained with them. A loss says that the decoder leans on the region; none says"
            + " not that the region knows nothing, for others may say the same; a gain, that it"
            + " brings noise. p is corrected for the number of regions.");
    Objects.requireNonNull(report.ablation()).subjects().forEach(s -> subject(s, page));
  }

  private static void subject(AblatedSubject subject, Page page) {
    Html html = page.html();
    html.element("h3", "Subject " + subject.subject());
    page.openScroll("Scores without regions, subject " + subject.subject());
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", "Region", "scope", "col").element("th", "Score", "scope", "col");
    for (String head :
        new String[] {"Left out", "With all", "Without it", "Difference", "95 % interval"}) {
      html.element("th", head, "scope", "col", "class", "number");
    }
    html.open("th", "scope", "col", "class", "number").element("i", "p").close("th");
    html.open("th", "scope", "col", "class", "number").element("i", "n").close("th");
    html.close("tr").close("thead").open("tbody");
    subject.regions().forEach(region -> row(region, page));
    html.close("tbody").close("table");
    page.closeScroll();
  }

  private static void row(RegionLine region, Page page) {
    Html html = page.html();
    html.open("tr").element("th", region.name(), "scope", "row");
    html.element("td", region.score());
    html.element("td", region.columns() + " of " + region.of(), "class", "number");
    page.numberCell(region.whole(), DECIMALS);
    page.numberCell(region.without(), DECIMALS);
    html.open("td", "class", "number value");
    page.number(region.difference(), DECIMALS);
    html.close("td");
    page.rangeCell(region.low(), region.high(), DECIMALS);
    page.numberCell(region.p(), Numbers.pDecimals(region.p()));
    html.element("td", Integer.toString(region.n()), "class", "number");
    html.close("tr");
  }
}
