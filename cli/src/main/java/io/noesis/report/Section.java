package io.noesis.report;

/** One panel of the page. A new one is a file and a line in {@link ReportPage#SECTIONS}. */
interface Section {
  /** The anchor of the panel, unique on the page. */
  String id();

  /** The heading of the panel. */
  String title();

  /** Whether the panel has a place on the page of this report; most always have one. */
  default boolean belongs(Report report) {
    return true;
  }

  /**
   * Writes the panel below its heading. A panel that has nothing to show says so.
   *
   * @param report what to show
   * @param page where to write
   */
  void write(Report report, Page page);
}
