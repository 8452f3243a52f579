package io.noesis.report;

import io.noesis.report.Report.Line;
import java.util.List;

/** What the sections write with: the markup so far, the pictures, and running chart numbers. */
final class Page {
  private final Html html = new Html();
  private final Pictures pictures;
  private int charts;

  Page(Pictures pictures) {
    this.pictures = pictures;
  }

  Html html() {
    return html;
  }

  Pictures pictures() {
    return pictures;
  }

  /** An element id for the next chart; the same on every rendering. */
  String nextChart() {
    charts++;
    return "chart-" + charts;
  }

  /** A sentence in place of a panel that has nothing to show. */
  void nothing(String sentence) {
    html.element("p", sentence, "class", "nothing");
  }

  /** How the panel is to be read. */
  void hint(String sentence) {
    html.element("p", sentence, "class", "hint");
  }

  /** A subject's heading inside a panel. */
  void subject(String id) {
    html.element("h3", "Subject " + id);
  }

  /** A number that keeps its exact value in the markup. */
  void number(double value, int decimals) {
    if (Double.isFinite(value)) {
      html.element("data", minus(Numbers.format(value, decimals)), "value", exact(value));
    } else {
      html.element("span", Numbers.NONE, "class", "none");
    }
  }

  /** A table cell with a number. */
  void numberCell(double value, int decimals) {
    html.open("td", "class", "number");
    number(value, decimals);
    html.close("td");
  }

  /** A table cell with {@code low to high}. */
  void rangeCell(double low, double high, int decimals) {
    html.open("td", "class", "number");
    range(low, high, decimals);
    html.close("td");
  }

  /** {@code low to high}. */
  void range(double low, double high, int decimals) {
    number(low, decimals);
    html.element("span", " to ", "class", "to");
    number(high, decimals);
  }

  /** A list of labels with their values. */
  void lines(List<Line> lines) {
    html.open("dl", "class", "lines");
    for (Line line : lines) {
      html.open("div");
      html.element("dt", line.label()).element("dd", line.value());
      html.close("div");
    }
    html.close("dl");
  }

  /** Opens a box in which a wide table scrolls by itself, also by keyboard. */
  void openScroll(String label) {
    html.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", label);
  }

  void closeScroll() {
    html.close("div");
  }

  private static String minus(String number) {
    return number.replace('-', '\u2212');
  }

  private static String exact(double value) {
    return Double.toString(value);
  }
}
