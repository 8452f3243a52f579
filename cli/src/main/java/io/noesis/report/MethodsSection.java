package io.noesis.report;

/** A text to paste into a methods section. */
final class MethodsSection implements Section {
  @Override
  public String id() {
    return "methods";
  }

  @Override
  public String title() {
    return "Methods text";
  }

  @Override
  public void write(Report report, Page page) {
    if (report.methods().isBlank()) {
      page.nothing("No methods text was written.");
      return;
    }
    page.hint("One click selects the whole text; copy it and adapt it.");
    page.html().element("pre", report.methods().strip(), "class", "copy", "tabindex", "0");
  }
}
