package io.noesis.report;

/** The columns that every score table shares, from the value to where it stands. */
final class ScoreCells {
  /** How many columns {@link #heads} writes. */
  static final int COLUMNS = 8;

  private ScoreCells() {}

  static void heads(Html html) {
    for (String head : new String[] {"Value", "95 % interval", "Chance", "Null band (95 %)"}) {
      html.element("th", head, "scope", "col", "class", "number");
    }
    html.open("th", "scope", "col", "class", "number").element("i", "p").close("th");
    html.open("th", "scope", "col", "class", "number").element("i", "n").close("th");
    html.element("th", "Ceiling", "scope", "col", "class", "number");
    html.element("th", "Result", "scope", "col", "class", "standing");
  }

  static void cells(Page page, ScoreLine score) {
    int decimals = Numbers.decimals(score);
    Html html = page.html();
    html.open("td", "class", "number value");
    page.number(score.value(), decimals);
    html.close("td");
    page.rangeCell(score.low(), score.high(), decimals);
    page.numberCell(score.chance(), decimals);
    page.rangeCell(score.nullLow(), score.nullHigh(), decimals);
    page.numberCell(score.p(), Numbers.pDecimals(score.p()));
    html.element("td", Integer.toString(score.n()), "class", "number");
    Double ceiling = score.ceiling();
    if (ceiling == null) {
      html.element("td", "\u2013", "class", "number none", "title", "not known");
    } else {
      page.numberCell(ceiling, decimals);
    }
    Icons icon = Icons.of(score.standing());
    html.open("td", "class", "standing " + icon.tone());
    html.markup(icon.svg()).text(" " + score.standing().words());
    html.close("td");
  }

  /** The label with what it needs to be read the right way. */
  static String label(ScoreLine score) {
    return "LOWER".equals(score.direction()) ? score.label() + " (lower is better)" : score.label();
  }
}
