package io.noesis.report;

import io.noesis.report.AblationPanel.AblatedSubject;
import io.noesis.report.AblationPanel.RegionLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What each region of the responses is worth to the decoder. */
final class AblationSection implements Section {
  private static final int COLUMNS = 8;

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
            + " was trained with them. A difference is the score with all regions minus that without"
            + " the one. A loss says that the decoder leans on the region; none says"
            + " not that the region knows nothing, for others may say the same; a gain, that it"
            + " brings noise. p is corrected for the number of regions.");
    Objects.requireNonNull(report.ablation()).subjects().forEach(s -> subject(s, page));
  }

  private static void subject(AblatedSubject subject, Page page) {
    Map<String, List<RegionLine>> byScore = new LinkedHashMap<>();
    subject
        .regions()
        .forEach(r -> byScore.computeIfAbsent(r.score(), score -> new ArrayList<>()).add(r));
    Html html = page.html();
    page.subject(subject.subject());
    page.openScroll("Scores without regions, subject " + subject.subject());
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", "Region", "scope", "col");
    for (String head : new String[] {"Difference", "95 % interval"}) {
      html.element("th", head, "scope", "col", "class", "number");
    }
    html.open("th", "scope", "col", "class", "number").element("i", "p").close("th");
    html.open("th", "scope", "col", "class", "number").element("i", "n").close("th");
    for (String head : new String[] {"With all", "Without it", "Left out"}) {
      html.element("th", head, "scope", "col", "class", "number");
    }
    html.close("tr").close("thead");
    byScore.forEach((score, regions) -> score(score, regions, page));
    html.close("table");
    page.closeScroll();
  }

  private static void score(String score, List<RegionLine> regions, Page page) {
    Html html = page.html();
    html.open("tbody").open("tr", "class", "metric");
    html.element("th", score, "scope", "rowgroup", "colspan", Integer.toString(COLUMNS));
    html.close("tr");
    regions.forEach(region -> row(region, page));
    html.close("tbody");
  }

  private static void row(RegionLine region, Page page) {
    int decimals = Numbers.decimals(region);
    Html html = page.html();
    html.open("tr", "class", "one").element("th", region.name(), "scope", "row");
    html.open("td", "class", "number value");
    page.number(region.difference(), decimals);
    html.close("td");
    page.rangeCell(region.low(), region.high(), decimals);
    page.numberCell(region.p(), Numbers.pDecimals(region.p()));
    html.element("td", Integer.toString(region.n()), "class", "number");
    page.numberCell(region.whole(), decimals);
    page.numberCell(region.without(), decimals);
    html.element("td", region.columns() + " of " + region.of(), "class", "number");
    html.close("tr");
  }
}
