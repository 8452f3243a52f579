package io.noesis.report;

/** The report as a short table for a terminal. */
public final class ReportText {
  private ReportText() {}

  /**
   * The verdict and the headline scores.
   *
   * @param report the report
   * @return lines of at most about 100 characters
   */
  public static String of(Report report) {
    StringBuilder out = new StringBuilder(report.verdict().headline()).append('\n');
    for (Report.SubjectPanel s : report.subjects()) {
      for (Report.ScoreLine l : s.scores()) {
        if (l.headline()) {
          out.append(
              String.format(
                  java.util.Locale.ROOT,
                  "%-6s %-36s %8.3f [%.3f, %.3f] chance %.3f p %.4f%n",
                  s.id(),
                  l.metric(),
                  l.value(),
                  l.low(),
                  l.high(),
                  l.chance(),
                  l.p()));
        }
      }
    }
    return out.toString();
  }
}
