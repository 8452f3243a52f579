package io.noesis.report;

/** What the reader must be told. */
final class WarningsSection implements Section {
  @Override
  public String id() {
    return "warnings";
  }

  @Override
  public String title() {
    return "Warnings";
  }

  @Override
  public void write(Report report, Page page) {
    if (report.warnings().isEmpty()) {
      page.nothing("No warnings.");
      return;
    }
    Html html = page.html();
    html.open("ul", "class", "warnings");
    for (String warning : report.warnings()) {
      html.open("li", "class", Icons.CARE.tone()).markup(Icons.CARE.svg());
      html.element("span", warning).close("li");
    }
    html.close("ul");
  }
}
