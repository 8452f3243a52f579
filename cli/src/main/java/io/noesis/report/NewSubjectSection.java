package io.noesis.report;

import io.noesis.report.LearningPanel.LearningLine;
import io.noesis.report.LearningPanel.NewSubject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a trained network reaches for a new subject with more and more of its trials. */
final class NewSubjectSection implements Section {
  private static final String ADAPTED = "adapted";
  private static final String SCRATCH = "scratch";
  private static final String RIDGE = "ridge";

  @Override
  public String id() {
    return "new-subjects";
  }

  @Override
  public String title() {
    return "Learning from few trials";
  }

  @Override
  public boolean belongs(Report report) {
    LearningPanel learning = report.learning();
    return learning != null && !learning.newSubjects().isEmpty();
  }

  @Override
  public void write(Report report, Page page) {
    LearningPanel learning = java.util.Objects.requireNonNull(report.learning());
    page.hint(
        "A network that learned from other subjects is adapted to a new one. Beside it stand the"
            + " same network from random first weights and ridge, each fitted to the same trials"
            + " and tested on the same ones.");
    for (NewSubject subject : learning.newSubjects()) {
      page.subject(subject.subject());
      Map<String, List<LearningLine>> byMetric = new LinkedHashMap<>();
      subject
          .points()
          .forEach(
              p -> byMetric.computeIfAbsent(p.score().metric(), m -> new ArrayList<>()).add(p));
      legend(page.html());
      page.html().open("div", "class", "figures");
      byMetric.values().stream()
          .filter(lines -> lines.get(0).score().direction().equals("HIGHER"))
          .forEach(lines -> figure(subject.subject(), lines, page));
      page.html().close("div");
      table(subject, page);
    }
  }

  private static void legend(Html html) {
    html.open("p", "class", "legend");
    CurveSection.key(html, "disc first", "adapted with 95 % interval");
    CurveSection.key(html, "square second", "the same from scratch");
    CurveSection.key(html, "disc muted", "ridge");
    CurveSection.key(html, "dash chance", "chance");
    html.close("p");
  }

  private static void figure(String subject, List<LearningLine> lines, Page page) {
    ScoreLine first = lines.get(0).score();
    List<LinesChart.Line> drawn =
        List.of(
            line(lines, "chance", Ink.CHANCE, LinesChart.Mark.DASH),
            line(lines, RIDGE, Ink.MUTED, LinesChart.Mark.DISC),
            line(lines, SCRATCH, Ink.SECOND, LinesChart.Mark.SQUARE),
            line(lines, ADAPTED, Ink.FIRST, LinesChart.Mark.DISC));
    if (!LinesChart.drawable(drawn)) {
      return;
    }
    page.html().open("figure").element("figcaption", ScoreCells.label(first));
    List<Integer> trials = lines.stream().map(LearningLine::trials).toList();
    page.html()
        .markup(
            LinesChart.svg(
                new PoolAxis("Training trials of the subject", trials),
                first.label(),
                drawn,
                new ChartSvg.Frame(
                    page.nextChart(),
                    first.label() + " against training trials, subject " + subject,
                    "The numbers are in the table below the charts.",
                    0)));
    page.html().close("figure");
  }

  private static LinesChart.Line line(
      List<LearningLine> lines, String model, Ink ink, LinesChart.Mark mark) {
    boolean chance = model.equals("chance");
    boolean interval = model.equals(ADAPTED);
    List<LinesChart.Point> points =
        lines.stream()
            .filter(line -> line.model().equals(chance ? ADAPTED : model))
            .map(
                line ->
                    new LinesChart.Point(
                        line.trials(),
                        chance ? line.score().chance() : line.score().value(),
                        interval ? line.score().low() : Double.NaN,
                        interval ? line.score().high() : Double.NaN))
            .toList();
    return new LinesChart.Line(ink, mark, points);
  }

  private static void table(NewSubject subject, Page page) {
    Html html = page.html();
    html.open("details", "class", "numbers").element("summary", "The numbers");
    page.openScroll("Learning curve of subject " + subject.subject());
    html.open("table").open("thead").open("tr");
    html.element("th", "Score", "scope", "col");
    html.element("th", "Trials", "scope", "col", "class", "number");
    html.element("th", "Model", "scope", "col");
    ScoreCells.heads(html);
    html.close("tr").close("thead").open("tbody");
    for (LearningLine line : subject.points()) {
      html.open("tr").element("th", ScoreCells.label(line.score()), "scope", "row");
      html.element("td", Integer.toString(line.trials()), "class", "number");
      html.element("td", words(line.model()));
      ScoreCells.cells(page, line.score());
      html.close("tr");
    }
    html.close("tbody").close("table");
    page.closeScroll();
    html.close("details");
  }

  private static String words(String model) {
    return model.equals(SCRATCH) ? "from scratch" : model;
  }
}
