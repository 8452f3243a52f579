package io.noesis.cli;

import io.noesis.alignment.audit.AuditPanel;
import io.noesis.alignment.audit.Finding;
import java.io.PrintWriter;

/** The audit panel on a terminal: one line per finding. */
final class AuditLines {
  private AuditLines() {}

  static void print(AuditPanel panel, PrintWriter out) {
    for (Finding finding : panel.findings()) {
      String verdict = panel.letThrough(finding) ? "BLOCK (allowed)" : finding.verdict().name();
      String who = finding.subject().isEmpty() ? "" : " sub-" + finding.subject();
      out.printf("%-15s %-14s%s  %s%n", verdict, finding.code(), who, finding.decidedBy());
    }
    out.flush();
  }
}
