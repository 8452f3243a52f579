package io.noesis.report;

import io.noesis.report.Report.Line;
import io.noesis.report.RidgePanel.ContrastLine;
import io.noesis.report.RidgePanel.RidgeSubject;

/** Whether a decoder was worth its trouble: each subject's scores minus those of ridge. */
final class RidgeSection implements Section {
  @Override
  public String id() {
    return "ridge";
  }

  @Override
  public String title() {
    return "The decoder against ridge";
  }

  @Override
  public boolean belongs(Report report) {
    return report.ridge() != null;
  }

  @Override
  public void write(Report report, Page page) {
    RidgePanel ridge = java.util.Objects.requireNonNull(report.ridge());
    page.hint(
        "Ridge was fitted on the same training trials, prepared alike, its penalty chosen among"
            + " them, and applied to the same test trials. A difference counts when p of exchanging"
            + " which of the two decoded a unit is below 0.05.");
    for (RidgeSubject subject : ridge.subjects()) {
      subject(subject, page);
    }
  }

  private static void subject(RidgeSubject subject, Page page) {
    Html html = page.html();
    Icons icon = Icons.of(subject.standing());
    html.open("p", "class", "standing " + icon.tone()).markup(icon.svg());
    html.text(" Subject " + subject.subject() + ": " + subject.verdict()).close("p");
    if (subject.contrasts().isEmpty()) {
      return;
    }
    page.openScroll("Decoder minus ridge, subject " + subject.subject());
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", "Score", "scope", "col");
    for (String head : new String[] {"Decoder minus ridge", "95 % interval"}) {
      html.element("th", head, "scope", "col", "class", "number");
    }
    html.open("th", "scope", "col", "class", "number").element("i", "p").close("th");
    html.open("th", "scope", "col", "class", "number").element("i", "n").close("th");
    html.element("th", "Result", "scope", "col", "class", "standing");
    html.close("tr").close("thead").open("tbody");
    subject.contrasts().forEach(contrast -> row(contrast, page));
    html.close("tbody").close("table");
    page.closeScroll();
    for (Line fact : subject.facts()) {
      html.element("p", "Ridge: " + fact.label() + " " + fact.value() + ".", "class", "hint");
    }
  }

  private static void row(ContrastLine contrast, Page page) {
    int decimals = Numbers.decimals(contrast);
    Html html = page.html();
    html.open("tr").element("th", label(contrast), "scope", "row");
    html.open("td", "class", "number value");
    page.number(contrast.value(), decimals);
    html.close("td");
    page.rangeCell(contrast.low(), contrast.high(), decimals);
    page.numberCell(contrast.p(), Numbers.pDecimals(contrast.p()));
    html.element("td", Integer.toString(contrast.n()), "class", "number");
    Icons icon = Icons.of(contrast.standing());
    html.open("td", "class", "standing " + icon.tone());
    html.markup(icon.svg()).text(" " + contrast.standing().words());
    html.close("td").close("tr");
  }

  /** The label with what it needs to be read the right way. */
  static String label(ContrastLine contrast) {
    return "LOWER".equals(contrast.direction())
        ? contrast.label() + " (lower is better)"
        : contrast.label();
  }
}
