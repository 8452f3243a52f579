package io.noesis.report;

import io.noesis.report.Report.Level;
import io.noesis.report.RidgePanel.Beside;
import io.noesis.report.ScoreLine.Standing;

/** Small marks beside words; shape and word say the same as the colour. */
enum Icons {
  /** A tick in a disc: fine. */
  GOOD("good", "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm3.6 4.1L7 9.9 4.5 7.5 3.3 8.7 7 12.3l5.8-6z"),
  /** A triangle with an exclamation mark: mind this. */
  CARE("care", "M8 1l7.5 13.5H.5zM7.1 6v4.2h1.8V6zm0 5.3v1.8h1.8v-1.8z"),
  /** A cross in an octagon: stop. */
  STOP(
      "stop",
      "M5 1h6l4 4v6l-4 4H5l-4-4V5zm.4 3.1L4.1 5.4 6.7 8l-2.6 2.6 1.3 1.3L8 9.3l2.6 2.6 1.3-1.3"
          + "L9.3 8l2.6-2.6-1.3-1.3L8 6.7z"),
  /** A bar in a ring: cannot be said. */
  OPEN(
      "open",
      "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 1.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8z"
          + "M4.8 7.1h6.4v1.8H4.8z");

  private final String tone;
  private final String path;

  Icons(String tone, String path) {
    this.tone = tone;
    this.path = path;
  }

  /** The CSS class that gives the colour. */
  String tone() {
    return tone;
  }

  /** The mark as inline SVG in the colour of the text around it. */
  String svg() {
    return "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path fill-rule=\"evenodd\""
        + " d=\""
        + path
        + "\"/></svg>";
  }

  static Icons of(Level level) {
    return switch (level) {
      case SUPPORTED -> GOOD;
      case CAUTION -> CARE;
      case NOT_SUPPORTED -> STOP;
    };
  }

  static Icons of(Standing standing) {
    return switch (standing) {
      case BETTER -> GOOD;
      case AT_CHANCE -> CARE;
      case WORSE -> STOP;
      case NOT_JUDGED -> OPEN;
    };
  }

  static Icons of(Beside standing) {
    return switch (standing) {
      case BETTER -> GOOD;
      case EVEN -> CARE;
      case BELOW -> STOP;
      case MISSING -> OPEN;
    };
  }

  /** The mark of an audit's verdict. */
  static Icons ofVerdict(String verdict) {
    return switch (verdict) {
      case "PASS" -> GOOD;
      case "WARN" -> CARE;
      case "BLOCK" -> STOP;
      default -> OPEN;
    };
  }
}
