package io.noesis.report;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the audits found, the worst first. */
final class AuditSection implements Section {
  @Override
  public String id() {
    return "audits";
  }

  @Override
  public String title() {
    return "Audits";
  }

  @Override
  public void write(Report report, Page page) {
    if (report.audits().isEmpty()) {
      page.nothing(none(report));
      return;
    }
    page.hint("Each line names what could make the result wrong, and the number that decided.");
    Html html = page.html();
    List<AuditLine> found = new ArrayList<>(worstFirst(report.audits()));
    List<AuditLine> passed = found.stream().filter(AuditSection::isPassed).toList();
    found.removeAll(passed);
    list(html, found);
    if (!passed.isEmpty()) {
      html.open("details").element("summary", summary(passed));
      list(html, passed);
      html.close("details");
    }
  }

  /** Whether it found nothing to say. */
  static boolean isPassed(AuditLine line) {
    return line.verdict().equals("PASS");
  }

  /** For example {@code 3 passed: LEAK-FIT × 2, RUN-OVERLAP}. */
  private static String summary(List<AuditLine> passed) {
    Map<String, Long> codes =
        passed.stream().collect(groupingBy(AuditLine::code, LinkedHashMap::new, counting()));
    return codes.entrySet().stream()
        .map(e -> e.getKey() + (e.getValue() > 1 ? " × " + e.getValue() : ""))
        .collect(joining(", ", passed.size() + " passed: ", ""));
  }

  private static void list(Html html, List<AuditLine> lines) {
    if (lines.isEmpty()) {
      return;
    }
    html.open("ul", "class", "audits");
    for (AuditLine line : lines) {
      line(html, line);
    }
    html.close("ul");
  }

  /** The sentence in place of findings, the same on the page and in the terminal. */
  static String none(Report report) {
    if (report.decodes()) {
      return "No audit was run, so nothing here says that the result can be trusted.";
    }
    return report.made() == null
        ? "Not applicable: nothing was trained, so no test trial can have leaked into training."
        : "Not applicable: nobody told what was seen, so nothing can be compared with the training.";
  }

  /** BLOCK before WARN before NOT_JUDGED before PASS, otherwise as given. */
  static List<AuditLine> worstFirst(List<AuditLine> audits) {
    return audits.stream()
        .sorted(Comparator.comparingInt(a -> AuditLine.VERDICTS.indexOf(a.verdict())))
        .toList();
  }

  /** The verdict as it is printed. */
  static String words(AuditLine line) {
    return line.verdict().replace('_', ' ');
  }

  private static void line(Html html, AuditLine line) {
    Icons icon = Icons.ofVerdict(line.verdict());
    html.open("li", "class", "audit " + icon.tone());
    html.open("p", "class", "found").markup(icon.svg()).text(" " + words(line)).close("p");
    html.open("div", "class", "what");
    html.open("p", "class", "code").element("code", line.code());
    if (!line.subject().isEmpty()) {
      html.element("span", "subject " + line.subject(), "class", "chip");
    }
    if (line.allowed()) {
      html.element("span", "let through by --allow", "class", "chip allowed");
    }
    html.close("p");
    html.element("p", line.decidedBy(), "class", "decided");
    optional(html, line.explanation(), "explanation");
    if (!line.remedy().isEmpty()) {
      html.open("p", "class", "remedy").element("b", "What to do:").text(" " + line.remedy());
      html.close("p");
    }
    html.close("div");
    html.close("li");
  }

  private static void optional(Html html, String text, String name) {
    if (!text.isEmpty()) {
      html.element("p", text, "class", name);
    }
  }
}
