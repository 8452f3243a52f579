package io.noesis.report;

import io.noesis.report.Report.Level;
import io.noesis.report.Report.Verdict;

/** The result in words, before anything else. */
final class VerdictSection implements Section {
  @Override
  public String id() {
    return "verdict";
  }

  @Override
  public String title() {
    return "Verdict";
  }

  @Override
  public void write(Report report, Page page) {
    Verdict verdict = report.verdict();
    Icons icon = Icons.of(verdict.level());
    Html html = page.html();
    html.open("div", "class", "verdict " + icon.tone());
    html.open("p", "class", "level").markup(icon.svg()).text(" " + words(verdict.level()));
    html.close("p");
    html.element("p", verdict.headline(), "class", "headline");
    for (String detail : verdict.details()) {
      html.element("p", detail);
    }
    html.close("div");
  }

  /** The level in words, the same on the page and in the terminal. */
  static String words(Level level) {
    return switch (level) {
      case SUPPORTED -> "Supported";
      case CAUTION -> "With caution";
      case NOT_SUPPORTED -> "Not supported";
    };
  }
}
