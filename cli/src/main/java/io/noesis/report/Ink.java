package io.noesis.report;

import java.awt.Color;

/**
 * The colours of charts. A chart is drawn with a sentinel that stands for a CSS variable; the
 * variable is put into the SVG afterwards, so one chart follows light, dark and print.
 */
enum Ink {
  /** Words and values. */
  TEXT("--ink", 3),
  /** Axis labels. */
  MUTED("--muted", 4),
  /** Grid and axis lines. */
  LINE("--line", 5),
  /** The first quantity. */
  FIRST("--first", 6),
  /** The second quantity. */
  SECOND("--second", 7),
  /** What chance does. */
  CHANCE("--chance", 8),
  /** Inside of hollow marks. */
  PAPER("--paper", 9);

  private final String variable;
  private final int blue;

  Ink(String variable, int blue) {
    this.variable = variable;
    this.blue = blue;
  }

  /** The colour to draw with. */
  Color color() {
    return new Color(1, 2, blue);
  }

  /** The colour to draw with, at that opacity. */
  Color color(double opacity) {
    return new Color(1, 2, blue, (int) Math.round(255 * opacity));
  }

  /** The drawn colour as the SVG writer puts it. */
  String sentinel() {
    return "rgb(1,2," + blue + ")";
  }

  /** What takes the sentinel's place. */
  String css() {
    return "var(" + variable + ")";
  }
}
