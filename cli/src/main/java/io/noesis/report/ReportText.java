package io.noesis.report;

import io.noesis.report.GeometryPanel.GeometryLine;
import io.noesis.report.HeadlineSection.Owned;
import io.noesis.report.LearningPanel.LearningLine;
import io.noesis.report.LearningPanel.NewSubject;
import io.noesis.report.RidgePanel.ContrastLine;
import io.noesis.report.RidgePanel.RidgeSubject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The report in short for a terminal: verdict, headline scores in aligned columns, the learning
 * curve of subjects that networks were adapted to, audits that found something, and the codes of
 * those that every subject passed. No line is longer than {@value #WIDTH} characters; control
 * characters of labels are replaced. Numbers are written as on the page.
 */
public final class ReportText {
  /** The longest line. */
  public static final int WIDTH = 100;

  private static final int WHO = 12;
  private static final int CEILING_DECIMALS = 3;
  private static final int LABEL = 26;

  /** Width of {@code WARN} to {@code NOT JUDGED}, and of the longest audit code. */
  private static final int VERDICT = 10;

  private static final int CODE = 16;

  private ReportText() {}

  /**
   * Writes the text.
   *
   * @param report what to say
   * @return lines that end in {@code \n}
   */
  public static String of(Report report) {
    List<String> lines = new ArrayList<>();
    wrapped(lines, verdict(report), "  ");
    GeometryPanel geometry = report.geometry();
    if (geometry != null && !report.decodes()) {
      geometry(lines, geometry);
    } else {
      scores(lines, report);
    }
    LearningPanel learning = report.learning();
    if (learning != null) {
      learning.newSubjects().forEach(subject -> learning(lines, subject));
    }
    audits(lines, report);
    return String.join("\n", lines) + "\n";
  }

  private static String verdict(Report report) {
    String simulated = report.study().simulated() ? "SIMULATED study. " : "";
    return VerdictSection.words(report.verdict().level())
        + ": "
        + simulated
        + report.verdict().headline();
  }

  private static void scores(List<String> lines, Report report) {
    List<Owned> rows =
        HeadlineSection.byMetric(report).values().stream().flatMap(List::stream).toList();
    lines.add("");
    if (rows.isEmpty()) {
      lines.add("No headline score: no subject has a result.");
    } else {
      lines.add(
          fit("subject", WHO)
              + "  "
              + fit("score", LABEL)
              + columns("value [95 % interval]", "chance", "p", "result"));
      rows.forEach(row -> lines.add(row(row)));
    }
    RidgePanel ridge = report.ridge();
    if (ridge != null) {
      ridge(lines, ridge);
    }
    SlotsPanel slots = report.slots();
    if (slots != null) {
      slots.subjects().forEach(subject -> slots(lines, subject));
    }
    AblationPanel ablation = report.ablation();
    if (ablation != null) {
      ablation.subjects().forEach(subject -> ablation(lines, subject));
    }
    AlsoPanel also = report.also();
    if (also != null) {
      lines.add("");
      also.targets()
          .forEach(of -> wrapped(lines, "also " + of.name() + ": " + AlsoSection.words(of), "  "));
    }
    for (SubjectPanel subject : report.subjects()) {
      String failure = subject.failure();
      if (failure != null) {
        wrapped(lines, "Subject " + subject.id() + " has no result: " + failure, "  ");
      }
    }
  }

  /** What the decoder gained over ridge, and in words what that comes to. */
  private static void ridge(List<String> lines, RidgePanel ridge) {
    lines.add("");
    lines.add(
        fit("subject", WHO)
            + "  "
            + fit("decoder minus ridge", LABEL)
            + columns("value [95 % interval]", "", "p", "result"));
    for (RidgeSubject subject : ridge.subjects()) {
      for (ContrastLine contrast : subject.contrasts()) {
        int decimals = Numbers.decimals(contrast);
        lines.add(
            fit(subject.subject(), WHO)
                + "  "
                + fit(contrast.label(), LABEL)
                + columns(
                    interval(contrast.value(), contrast.low(), contrast.high(), decimals),
                    "",
                    Numbers.p(contrast.p()),
                    contrast.standing().words()));
      }
    }
    ridge
        .subjects()
        .forEach(s -> wrapped(lines, "Subject " + s.subject() + ": " + s.verdict(), "  "));
  }

  /** What slots and all triples say, one line per score and decoder. */
  private static void slots(List<String> lines, SlotsPanel.SlotSubject subject) {
    lines.add("");
    lines.add(
        fit("subject " + subject.subject(), WHO)
            + "  "
            + fit("slot or triples", LABEL)
            + columns("value [95 % interval]", "chance", "p", "result"));
    String own = subject.scores().get(0).who();
    subject.scores().stream()
        .filter(line -> !line.slot().endsWith(" triples"))
        .forEach(
            line ->
                lines.add(
                    fit(SlotsSection.added(line.who(), own), WHO)
                        + "  "
                        + fit(line.slot() + ": " + line.score().label(), LABEL)
                        + columns(line.score())));
  }

  /** What was lost without each region, by the scores that tell regions apart. */
  private static void ablation(List<String> lines, AblationPanel.AblatedSubject subject) {
    Map<String, List<AblationPanel.RegionLine>> byScore = new LinkedHashMap<>();
    subject
        .regions()
        .forEach(r -> byScore.computeIfAbsent(r.score(), s -> new ArrayList<>()).add(r));
    byScore.values().removeIf(regions -> regions.stream().noneMatch(r -> r.p() < ScoreLine.LEVEL));
    lines.add("");
    if (byScore.isEmpty()) {
      wrapped(
          lines,
          "Subject " + subject.subject() + ": no region by itself is missed by any score.",
          "  ");
    }
    if (!byScore.isEmpty()) {
      lines.add(
          fit("subject", WHO)
              + "  "
              + fit("all minus without one", LABEL)
              + columns("value [95 % interval]", "without", "p", "").stripTrailing());
    }
    byScore.forEach(
        (score, regions) -> {
          wrapped(lines, score + ":", "  ");
          for (AblationPanel.RegionLine region : regions) {
            int decimals = Numbers.decimals(region);
            String line =
                fit(subject.subject(), WHO)
                    + "  "
                    + fit(region.name(), LABEL)
                    + columns(
                        interval(region.difference(), region.low(), region.high(), decimals),
                        Numbers.format(region.without(), decimals),
                        Numbers.p(region.p()),
                        "");
            lines.add(line.stripTrailing());
          }
        });
  }

  /** What was reached with more and more trials, one line per score and number of trials. */
  private static void learning(List<String> lines, NewSubject subject) {
    lines.add("");
    lines.add(
        fit("subject", WHO)
            + "  "
            + fit("learning curve", LABEL)
            + learnt("trials", "adapted [95 % interval]", "scratch", "ridge"));
    Map<String, List<LearningLine>> rows = new LinkedHashMap<>();
    for (LearningLine line : subject.points()) {
      rows.computeIfAbsent(line.score().metric() + " " + line.trials(), k -> new ArrayList<>())
          .add(line);
    }
    rows.values().stream()
        .sorted(
            Comparator.comparingInt(row -> metrics(subject).indexOf(row.get(0).score().metric())))
        .forEach(row -> lines.add(learning(subject.subject(), row)));
  }

  private static List<String> metrics(NewSubject subject) {
    return subject.points().stream().map(line -> line.score().metric()).distinct().toList();
  }

  private static String learning(String who, List<LearningLine> row) {
    ScoreLine first = row.get(0).score();
    int decimals = row.stream().mapToInt(line -> Numbers.decimals(line.score())).min().orElse(0);
    Map<String, String> values = new HashMap<>();
    for (LearningLine line : row) {
      ScoreLine score = line.score();
      values.put(
          line.model(),
          line.model().equals(NewSubjectSection.ADAPTED)
              ? interval(score.value(), score.low(), score.high(), decimals)
              : Numbers.format(score.value(), decimals));
    }
    return fit(who, WHO)
        + "  "
        + fit(first.label(), LABEL)
        + learnt(
            Integer.toString(row.get(0).trials()),
            values.getOrDefault(NewSubjectSection.ADAPTED, ""),
            values.getOrDefault(NewSubjectSection.SCRATCH, ""),
            values.getOrDefault(NewSubjectSection.RIDGE, ""));
  }

  private static String learnt(String trials, String adapted, String scratch, String ridge) {
    return " "
        + right(trials, 7)
        + " "
        + right(adapted, 23)
        + " "
        + right(scratch, 8)
        + " "
        + right(ridge, 8);
  }

  /** One line per model, best first, and the range that the subjects' agreement allows. */
  private static void geometry(List<String> lines, GeometryPanel geometry) {
    lines.add("");
    lines.add(
        fit("model", WHO + 2 + LABEL)
            + columns(geometry.comparison() + " [95 % interval]", "chance", "p", "result"));
    for (GeometryLine line : geometry.models()) {
      lines.add(fit(line.model(), WHO + 2 + LABEL) + columns(line.score()));
    }
    lines.add(
        "noise ceiling: "
            + Numbers.format(geometry.ceilingLow(), CEILING_DECIMALS)
            + " to "
            + Numbers.format(geometry.ceilingHigh(), CEILING_DECIMALS));
  }

  private static String row(Owned owned) {
    String who = owned.who().endsWith(HeadlineSection.RIDGE) ? "ridge" : owned.who();
    return fit(who, WHO) + "  " + fit(owned.score().label(), LABEL) + columns(owned.score());
  }

  private static String columns(ScoreLine score) {
    int decimals = Numbers.decimals(score);
    return columns(
        interval(score.value(), score.low(), score.high(), decimals),
        Numbers.format(score.chance(), decimals),
        Numbers.p(score.p()),
        score.standing().words());
  }

  private static String interval(double value, double low, double high, int decimals) {
    return Numbers.format(value, decimals)
        + " ["
        + Numbers.format(low, decimals)
        + ", "
        + Numbers.format(high, decimals)
        + "]";
  }

  private static String columns(String value, String chance, String p, String result) {
    return " " + right(value, 23) + " " + right(chance, 7) + " " + right(p, 7) + "  " + result;
  }

  private static void audits(List<String> lines, Report report) {
    lines.add("");
    if (report.audits().isEmpty()) {
      lines.add(report.decodes() ? "No audit was run." : "No audit applies: nothing was trained.");
      return;
    }
    Set<String> passed = new LinkedHashSet<>();
    for (AuditLine line : AuditSection.worstFirst(report.audits())) {
      if (AuditSection.isPassed(line)) {
        passed.add(line.code());
        continue;
      }
      String subject = line.subject().isEmpty() ? "" : "subject " + line.subject() + ": ";
      String allowed = line.allowed() ? " (allowed)" : "";
      String head = fit(AuditSection.words(line), VERDICT) + "  " + fit(line.code(), CODE) + "  ";
      wrapped(lines, head, subject + line.decidedBy() + allowed, " ".repeat(head.length()));
    }
    report.audits().stream()
        .filter(line -> !AuditSection.isPassed(line))
        .forEach(line -> passed.remove(line.code()));
    if (!passed.isEmpty()) {
      wrapped(lines, "audits passed: ", String.join(", ", passed), "  ");
    }
  }

  private static void wrapped(List<String> lines, String text, String indent) {
    wrapped(lines, "", text, indent);
  }

  /** Breaks a text at spaces, and inside a word only when it alone is too long. */
  private static void wrapped(List<String> lines, String head, String text, String indent) {
    StringBuilder line = new StringBuilder(head);
    boolean empty = true;
    for (String word : oneLine(text).split(" ", -1)) {
      String rest = word;
      if (!empty && line.length() + 1 + rest.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        empty = true;
      }
      line.append(empty ? "" : " ");
      while (line.length() + rest.length() > WIDTH) {
        int fits = WIDTH - line.length();
        lines.add(line + rest.substring(0, fits));
        rest = rest.substring(fits);
        line = new StringBuilder(indent);
      }
      line.append(rest);
      empty = false;
    }
    lines.add(line.toString().stripTrailing());
  }

  private static String fit(String text, int width) {
    String line = oneLine(text);
    String cut = line.length() <= width ? line : Html.clean(line.substring(0, width - 2)) + "..";
    return cut + " ".repeat(width - cut.length());
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  private static String oneLine(String text) {
    return Html.clean(text).replaceAll("\\s+", " ").strip();
  }
}
