package io.noesis.report;

import io.noesis.report.MadePanel.MadeCell;
import io.noesis.report.MadePanel.MadeItem;
import io.noesis.report.MadePanel.MadeKind;
import io.noesis.report.MadePanel.MadeScore;
import io.noesis.report.MadePanel.MadeSubject;
import io.noesis.report.MadePanel.MadeValue;
import io.noesis.report.Report.Picture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What was shown beside what was made of it, and of what must stand beside: shuffled brains, the
 * mean, the category, noise, the true embedding, the nearest training stimulus.
 */
final class MadeSection implements Section {
  private static final Map<String, String> HEADS =
      Map.of(
          "decoded", "Brain",
          "shuffled", "Shuffled brain",
          "mean", "Mean",
          "category", "Category",
          "noise", "Noise",
          "ceiling", "Ceiling",
          "nearest", "Nearest training");

  @Override
  public String id() {
    return "made";
  }

  @Override
  public String title() {
    return "Captions and pictures";
  }

  @Override
  public boolean belongs(Report report) {
    return report.made() != null;
  }

  @Override
  public void write(Report report, Page page) {
    MadePanel panel = Objects.requireNonNull(report.made(), "belongs");
    page.hint(
        "Made by a model from what was decoded: a model makes something fine of any embedding, so"
            + " what it made speaks of the brain only as far as it is nearer to what was shown than"
            + " the columns beside it. Shuffled brain: made from the response to another stimulus."
            + " Mean, category and noise: made without any response. Ceiling: made from the true"
            + " embedding, the best that this model can do. Nearest training: copied, not made.");
    panel.kinds().stream()
        .flatMap(kind -> kind.facts().stream())
        .filter(fact -> fact.label().equals(MadeKind.PROMPT))
        .forEach(
            fact ->
                page.hint(
                    "Pictures were made with a text: "
                        + fact.value()
                        + ". Each stands above its own, and repeats what the captioner says."));
    Html html = page.html();
    for (MadeSubject subject : panel.subjects()) {
      page.subject(subject.subject());
      if (subject.scores().isEmpty()) {
        page.nothing("Not scored: what was shown is not at hand.");
      } else {
        scores(subject, page);
      }
      html.open("div", "class", "made");
      subject.items().forEach(item -> item(item, page));
      html.close("div");
    }
    for (MadeKind kind : panel.kinds()) {
      html.open("details").element("summary", "How the " + kind.what() + " were made");
      page.lines(kind.facts());
      html.close("details");
    }
  }

  private static void scores(MadeSubject subject, Page page) {
    List<String> conditions = conditions(subject);
    Html html = page.html();
    page.openScroll("Scores of what was made for subject " + subject.subject());
    html.open("table", "class", "scores").open("thead").open("tr");
    html.element("th", "Score", "scope", "col");
    for (String head : new String[] {"Brain", "95 % interval", "Shuffled brains (95 %)"}) {
      html.element("th", head, "scope", "col", "class", "number");
    }
    for (String condition : conditions) {
      html.element("th", head(condition), "scope", "col", "class", "number");
    }
    html.element("th", "Result", "scope", "col", "class", "standing");
    html.close("tr").close("thead").open("tbody");
    for (MadeScore score : subject.scores()) {
      row(score, conditions, page);
    }
    html.close("tbody").close("table");
    page.closeScroll();
  }

  private static List<String> conditions(MadeSubject subject) {
    Set<String> all = new LinkedHashSet<>();
    subject.scores().forEach(s -> s.others().forEach(o -> all.add(o.condition())));
    return new ArrayList<>(all);
  }

  private static String head(String condition) {
    return HEADS.getOrDefault(condition, condition);
  }

  private static void row(MadeScore made, List<String> conditions, Page page) {
    ScoreLine score = made.score();
    int decimals = Numbers.decimals(score);
    Html html = page.html();
    html.open("tr").open("th", "scope", "row").text(ScoreCells.label(score));
    html.element("code", score.metric()).close("th");
    html.open("td", "class", "number value");
    page.number(score.value(), decimals);
    html.close("td");
    page.rangeCell(score.low(), score.high(), decimals);
    page.rangeCell(score.nullLow(), score.nullHigh(), decimals);
    Map<String, MadeValue> others = new LinkedHashMap<>();
    made.others().forEach(o -> others.put(o.condition(), o));
    for (String condition : conditions) {
      MadeValue other = others.get(condition);
      page.numberCell(other == null ? Double.NaN : other.value(), decimals);
    }
    Icons icon = Icons.of(score.standing());
    html.open("td", "class", "standing " + icon.tone());
    html.markup(icon.svg()).text(" " + score.standing().words());
    html.close("td").close("tr");
  }

  private static void item(MadeItem item, Page page) {
    Html html = page.html();
    html.open("article", "class", "made-item");
    html.open("header").element("span", item.tag(), "class", "chip");
    html.open("span", "class", "rank").text("likeness to what was shown ");
    page.number(item.likeness(), 2);
    html.close("span").close("header");
    html.open("div", "class", "made-cells");
    boolean pictures =
        !item.seen().file().isEmpty() || item.cells().stream().anyMatch(c -> !c.file().isEmpty());
    html.open("figure", "class", "seen");
    if (pictures) {
      picture(item.seen(), "shown", page);
    }
    html.open("figcaption").element("b", "Shown").text(item.seen().caption()).close("figcaption");
    html.close("figure");
    for (MadeCell cell : item.cells()) {
      html.open("figure", "class", cell.condition());
      if (pictures) {
        Picture picture = new Picture(cell.source(), cell.caption(), cell.file());
        picture(picture, cell.label(), page);
      }
      html.open("figcaption", "title", cell.label()).element("b", head(cell.condition()));
      html.text(cell.caption()).close("figcaption").close("figure");
    }
    html.close("div").close("article");
  }

  private static void picture(Picture picture, String what, Page page) {
    Html html = page.html();
    Optional<String> source = page.pictures().source(picture);
    String alt = picture.caption().isEmpty() ? what : what + ": " + picture.caption();
    if (source.isPresent()) {
      html.empty("img", "src", source.get(), "alt", alt, "title", what, "loading", "lazy");
    } else {
      html.open("div", "class", "tile", "title", what);
      html.element("span", picture.file().isEmpty() ? "no picture" : "picture not found");
      html.close("div");
    }
  }
}
