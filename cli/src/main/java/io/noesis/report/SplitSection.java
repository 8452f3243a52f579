package io.noesis.report;

import io.noesis.report.SubjectPanel.RunStrip;
import io.noesis.report.SubjectPanel.SplitMap;
import java.util.Locale;

/** Which trials trained and which were tested, run by run. */
final class SplitSection implements Section {
  /** With more trials, neighbours of one part are drawn as one bar. */
  private static final int SINGLE_CELLS = 150;

  /** The letters of a strip with their class, top of the bar in tenths, and word. */
  private enum Part {
    TRAIN('T', 5, "training"),
    VALIDATION('V', 3, "validation"),
    TEST('E', 0, "test"),
    UNUSED('-', 9, "unused");

    private final char letter;
    private final int top;
    private final String word;

    Part(char letter, int top, String word) {
      this.letter = letter;
      this.top = top;
      this.word = word;
    }

    private String css() {
      return name().toLowerCase(Locale.ROOT);
    }

    private long count(String parts) {
      return parts.chars().filter(c -> c == letter).count();
    }
  }

  @Override
  public String id() {
    return "split";
  }

  @Override
  public String title() {
    return "Split";
  }

  @Override
  public boolean belongs(Report report) {
    return report.decodes();
  }

  @Override
  public void write(Report report, Page page) {
    if (report.subjects().isEmpty()) {
      page.nothing("No split: the report has no subject.");
      return;
    }
    page.hint(
        "One bar per trial in the order of recording, first fold. Test stimuli should be spread over"
            + " the runs and never touch training.");
    legend(page.html());
    for (SubjectPanel subject : report.subjects()) {
      page.subject(subject.id());
      SplitMap split = subject.split();
      if (split == null) {
        page.nothing("No split map: this subject has no result.");
      } else {
        subject(split, page);
      }
    }
  }

  private static void legend(Html html) {
    html.open("p", "class", "legend");
    for (Part part : Part.values()) {
      html.open("span", "class", "key");
      html.markup(
          "<svg class=\"swatch strip\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><path class=\"%s\""
                  .formatted(part.css())
              + " d=\"M1 %dh8v%dh-8z\"/></svg> ".formatted(part.top, 10 - part.top));
      html.text(part.word).close("span");
    }
    html.close("p");
  }

  private static void subject(SplitMap split, Page page) {
    Html html = page.html();
    html.open("p", "class", "facts").element("b", split.name());
    html.element("span", split.folds() == 1 ? "1 fold" : split.folds() + " folds");
    split.facts().forEach(fact -> html.element("span", fact.label() + ": " + fact.value()));
    html.open("span").text("SHA-256 ");
    html.element("code", shortHash(split.hash()), "title", split.hash());
    html.close("span").close("p");
    if (split.runs().isEmpty()) {
      page.nothing("The split names no run.");
      return;
    }
    html.open("table", "class", "strips").open("thead").open("tr");
    html.element("th", "Run", "scope", "col", "class", "run");
    html.element("th", "Trials in their order", "scope", "col");
    html.element("th", "Trials", "scope", "col", "class", "count")
        .close("tr")
        .close("thead")
        .open("tbody");
    for (RunStrip run : split.runs()) {
      html.open("tr").element("th", run.run(), "scope", "row");
      html.open("td", "class", "bars").markup(strip(run)).close("td");
      html.element("td", counts(run), "class", "count").close("tr");
    }
    html.close("tbody").close("table");
  }

  private static String shortHash(String hash) {
    return hash.length() <= 12 ? hash : hash.substring(0, 12) + "\u2026";
  }

  private static String counts(RunStrip run) {
    StringBuilder counts = new StringBuilder();
    for (Part part : Part.values()) {
      long count = part.count(run.parts());
      if (count > 0) {
        counts.append(counts.isEmpty() ? "" : ", ").append(count).append(' ').append(part.word);
      }
    }
    return counts.isEmpty() ? "no trial" : counts.toString();
  }

  private static String strip(RunStrip run) {
    String parts = run.parts();
    StringBuilder svg = new StringBuilder();
    svg.append("<svg class=\"strip\" viewBox=\"0 0 ")
        .append(Math.max(1, parts.length()))
        .append(" 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    for (Part part : Part.values()) {
      String path = path(parts, part);
      if (!path.isEmpty()) {
        svg.append("<path class=\"").append(part.css()).append("\" d=\"").append(path);
        svg.append("\"/>");
      }
    }
    return svg.append("</svg>").toString();
  }

  private static String path(String parts, Part part) {
    StringBuilder path = new StringBuilder();
    boolean joined = parts.length() > SINGLE_CELLS;
    int at = 0;
    while (at < parts.length()) {
      int end = at + 1;
      while (joined && end < parts.length() && parts.charAt(end) == parts.charAt(at)) {
        end++;
      }
      if (parts.charAt(at) == part.letter) {
        String width = joined ? Integer.toString(end - at) : ".8";
        path.append("M%d %dh%sv%dh-%sz".formatted(at, part.top, width, 10 - part.top, width));
      }
      at = end;
    }
    return path.toString();
  }
}
