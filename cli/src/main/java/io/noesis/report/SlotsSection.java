package io.noesis.report;

import io.noesis.report.Report.Line;
import io.noesis.report.RidgePanel.Beside;
import io.noesis.report.RidgePanel.ContrastLine;
import io.noesis.report.RowChart.Row;
import io.noesis.report.RowChart.Rows;
import io.noesis.report.RowChart.Weight;
import io.noesis.report.SlotsPanel.SlotContrast;
import io.noesis.report.SlotsPanel.SlotScore;
import io.noesis.report.SlotsPanel.SlotSubject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How often slots say the right concept, and where the right triple stands, beside ridge. */
final class SlotsSection implements Section {
  private static final String TRIPLE = "triple.";

  @Override
  public String id() {
    return "slots";
  }

  @Override
  public String title() {
    return "Slots and triples";
  }

  @Override
  public boolean belongs(Report report) {
    return report.slots() != null;
  }

  @Override
  public void write(Report report, Page page) {
    SlotsPanel panel = Objects.requireNonNull(report.slots());
    page.hint(
        "How often the largest number of a slot stands for the right concept, of all slots at once"
            + " how often every one does, and where the triple that was shown stands among all"
            + " combinations. Chance and null keep what was said and exchange what was shown, so"
            + " that always saying the commonest gains nothing. Known triples were shown in"
            + " training, too. Ridge was fitted to the same concepts on the same trials; differences"
            + " are paired, their p is that of exchanging which of the two decoded a stimulus,"
            + " corrected for the number of slots, or of lines of triples, in which the same two are"
            + " held against each other.");
    if (!panel.group().isEmpty()) {
      page.html().element("h3", HeadlineSection.EVERYBODY);
      numbers("all subjects", panel.group(), List.of(), page);
    }
    for (SlotSubject subject : panel.subjects()) {
      page.subject(subject.subject());
      figures(subject, page);
      numbers("subject " + subject.subject(), subject.scores(), subject.contrasts(), page);
      for (Line note : subject.notes()) {
        page.hint(note.label() + ": " + note.value() + ".");
      }
    }
  }

  /** Slots in the open, the many lines of triples folded away. */
  private static void numbers(
      String who, List<SlotScore> scores, List<SlotContrast> contrasts, Page page) {
    for (boolean triples : new boolean[] {false, true}) {
      List<SlotScore> own = scores.stream().filter(s -> ofTriples(s) == triples).toList();
      List<SlotContrast> differences =
          contrasts.stream()
              .filter(c -> c.contrast().metric().startsWith(TRIPLE) == triples)
              .toList();
      String what = (triples ? "Triples, " : "Slots, ") + who;
      if (triples && !own.isEmpty()) {
        page.html().open("details").element("summary", what + ": the numbers");
      }
      table(what, own, page);
      contrasts(what, differences, page);
      if (triples && !own.isEmpty()) {
        page.html().close("details");
      }
    }
  }

  /** One for slots, one for all triples, and one for the known and the new ones each. */
  private static void figures(SlotSubject subject, Page page) {
    Map<String, List<SlotScore>> byTitle = new LinkedHashMap<>();
    subject.scores().stream()
        .filter(s -> s.score().direction().equals("HIGHER"))
        .forEach(s -> byTitle.computeIfAbsent(title(s), k -> new ArrayList<>()).add(s));
    Html html = page.html();
    html.open("p", "class", "legend");
    CurveSection.key(html, "diamond first", "decoder, with 95 % interval");
    CurveSection.key(html, "disc first", "ridge, or with a prior");
    CurveSection.key(html, "band chance", "null, 95 % band, and chance");
    html.close("p").open("div", "class", "figures");
    byTitle.forEach((title, scores) -> figure(title, subject.subject(), scores, page));
    html.close("div");
  }

  private static String title(SlotScore score) {
    return ofTriples(score) ? "The right one of " + score.slot() : "Right concepts of slots";
  }

  private static boolean ofTriples(SlotScore score) {
    return score.score().metric().startsWith(TRIPLE);
  }

  private static void figure(String title, String subject, List<SlotScore> scores, Page page) {
    String first = scores.get(0).who();
    List<Row> rows = new ArrayList<>();
    for (SlotScore score : scores) {
      boolean own = score.who().equals(first);
      String what = ofTriples(score) ? score.score().label() : score.slot();
      String label = own ? what : added(score.who(), first);
      rows.add(new Row(label, own ? Weight.TOGETHER : Weight.SINGLE, score.score(), List.of()));
    }
    Rows all = new Rows("better \u2192", rows, Double.NaN, Double.NaN);
    if (!RowChart.drawable(all)) {
      return;
    }
    Html html = page.html();
    html.open("figure").element("figcaption", title);
    html.markup(
        RowChart.svg(
            all,
            new ChartSvg.Frame(
                page.nextChart(),
                title + ", subject " + subject,
                "One row per slot and decoder: the value with its 95 % interval over the 95 % band"
                    + " of its null. The numbers are in the table below.",
                RowChart.height(rows.size()))));
    html.close("figure");
  }

  /** What stands beside the decoder, without its name. */
  static String added(String who, String first) {
    return who.startsWith(first + ", ") ? who.substring(first.length() + 2) : who;
  }

  private static void table(String what, List<SlotScore> scores, Page page) {
    if (scores.isEmpty()) {
      return;
    }
    Map<String, List<SlotScore>> byScore = new LinkedHashMap<>();
    scores.forEach(s -> byScore.computeIfAbsent(heading(s), h -> new ArrayList<>()).add(s));
    Html html = page.html();
    page.openScroll(what);
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", "Decoder", "scope", "col");
    ScoreCells.heads(html);
    html.close("tr").close("thead");
    byScore.forEach(
        (heading, rows) -> {
          html.open("tbody").open("tr", "class", "metric");
          html.element(
              "th",
              heading,
              "scope",
              "rowgroup",
              "colspan",
              Integer.toString(1 + ScoreCells.COLUMNS));
          html.close("tr");
          for (SlotScore row : rows) {
            html.open("tr").element("th", row.who(), "scope", "row");
            ScoreCells.cells(page, row.score());
            html.close("tr");
          }
          html.close("tbody");
        });
    html.close("table");
    page.closeScroll();
  }

  /** What a score is of, as it stands above its rows. */
  static String heading(SlotScore score) {
    return score.slot() + ": " + ScoreCells.label(score.score());
  }

  private static void contrasts(String what, List<SlotContrast> contrasts, Page page) {
    Map<String, List<SlotContrast>> byPair = new LinkedHashMap<>();
    contrasts.forEach(
        c ->
            byPair
                .computeIfAbsent(c.first() + " minus " + c.second(), p -> new ArrayList<>())
                .add(c));
    if (byPair.isEmpty()) {
      return;
    }
    Html html = page.html();
    page.openScroll(what + ", differences");
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", "Score", "scope", "col");
    for (String head : new String[] {"Difference", "95 % interval"}) {
      html.element("th", head, "scope", "col", "class", "number");
    }
    html.open("th", "scope", "col", "class", "number").element("i", "p").close("th");
    html.open("th", "scope", "col", "class", "number").element("i", "n").close("th");
    html.element("th", "Result", "scope", "col", "class", "standing");
    html.close("tr").close("thead");
    byPair.forEach(
        (pair, rows) -> {
          html.open("tbody").open("tr", "class", "metric");
          html.element("th", pair, "scope", "rowgroup", "colspan", "6").close("tr");
          rows.forEach(row -> row(row, page));
          html.close("tbody");
        });
    html.close("table");
    page.closeScroll();
  }

  private static void row(SlotContrast row, Page page) {
    ContrastLine contrast = row.contrast();
    int decimals = Numbers.decimals(contrast);
    Html html = page.html();
    html.open("tr");
    html.element("th", row.slot() + ": " + RidgeSection.label(contrast), "scope", "row");
    html.open("td", "class", "number value");
    page.number(contrast.value(), decimals);
    html.close("td");
    page.rangeCell(contrast.low(), contrast.high(), decimals);
    page.numberCell(contrast.p(), Numbers.pDecimals(contrast.p()));
    html.element("td", Integer.toString(contrast.n()), "class", "number");
    Icons icon = Icons.of(contrast.standing());
    html.open("td", "class", "standing " + icon.tone());
    html.markup(icon.svg()).text(" " + words(contrast.standing(), row.second()));
    html.close("td").close("tr");
  }

  private static String words(Beside standing, String second) {
    return switch (standing) {
      case BETTER -> "better than " + second;
      case BELOW -> "below " + second;
      case EVEN, MISSING -> standing.words();
    };
  }
}
