package io.noesis.report;

import io.noesis.report.SubjectPanel.Confusion;
import java.util.List;

/** Which category was decoded for which was shown. */
final class ConfusionSection implements Section {
  /** The style sheet has this many steps of shading above none. */
  private static final int STEPS = 10;

  @Override
  public String id() {
    return "confusion";
  }

  @Override
  public String title() {
    return "Confusion by category";
  }

  @Override
  public boolean belongs(Report report) {
    return report.decodes();
  }

  @Override
  public void write(Report report, Page page) {
    if (report.subjects().stream().allMatch(s -> s.confusion() == null)) {
      page.nothing(
          "No confusion table: stimuli were decoded and not categories, or no subject has a result.");
      return;
    }
    page.hint(
        "Rows: what was shown. Columns: what was decoded. A strong diagonal is right; a strong column is a"
            + " category that is decoded whatever was shown.");
    legend(page.html());
    page.html().open("div", "class", "blocks");
    for (SubjectPanel subject : report.subjects()) {
      page.html().open("div");
      page.subject(subject.id());
      Confusion confusion = subject.confusion();
      if (confusion == null || confusion.labels().isEmpty()) {
        page.nothing("No confusion table for this subject.");
      } else {
        table(confusion, subject.id(), page);
      }
      page.html().close("div");
    }
    page.html().close("div");
  }

  private static void legend(Html html) {
    html.open("p", "class", "legend").open("span", "class", "key").text("share of the row: 0 %");
    html.open("span", "class", "ramp", "aria-hidden", "true");
    for (int step = 0; step <= STEPS; step++) {
      html.element("i", "", "class", "h" + step);
    }
    html.close("span").text("100 %").close("span").close("p");
  }

  private static void table(Confusion confusion, String subject, Page page) {
    Html html = page.html();
    List<String> labels = confusion.labels();
    page.openScroll("Confusion table of subject " + subject);
    html.open("table", "class", "confusion" + (labels.size() > 16 ? " many" : ""));
    html.open("thead").open("tr");
    html.element("th", "shown \\ decoded", "scope", "col", "class", "corner");
    for (String label : labels) {
      html.open("th", "scope", "col", "title", label).element("span", label).close("th");
    }
    html.element("th", "total", "scope", "col", "class", "total");
    html.close("tr").close("thead").open("tbody");
    for (int shown = 0; shown < labels.size(); shown++) {
      row(html, labels.get(shown), shown, confusion.counts().get(shown));
    }
    html.close("tbody").close("table");
    page.closeScroll();
  }

  private static void row(Html html, String label, int shown, List<Integer> counts) {
    int total = counts.stream().mapToInt(Integer::intValue).sum();
    html.open("tr").element("th", label, "scope", "row", "title", label);
    for (int decoded = 0; decoded < counts.size(); decoded++) {
      int count = counts.get(decoded);
      String tone = "h" + step(count, total) + (decoded == shown ? " right" : "");
      html.element("td", Integer.toString(count), "class", tone + (count == 0 ? " zero" : ""));
    }
    html.element("td", Integer.toString(total), "class", "total").close("tr");
  }

  /** The shade of a share: none for zero, at least the first step for anything else. */
  private static int step(int count, int total) {
    if (count <= 0 || total <= 0) {
      return 0;
    }
    return Math.max(1, Math.min(STEPS, Math.round((float) STEPS * count / total)));
  }
}
