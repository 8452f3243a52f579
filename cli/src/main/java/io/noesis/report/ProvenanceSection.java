package io.noesis.report;

/** Everything that is needed to run it again. */
final class ProvenanceSection implements Section {
  @Override
  public String id() {
    return "provenance";
  }

  @Override
  public String title() {
    return "Provenance";
  }

  @Override
  public void write(Report report, Page page) {
    if (report.provenance().isEmpty()) {
      page.nothing("No provenance was recorded: this result cannot be run again from here.");
    } else {
      page.lines(report.provenance());
    }
  }
}
