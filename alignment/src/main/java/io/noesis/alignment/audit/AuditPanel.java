package io.noesis.alignment.audit;

import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.run.AuditException;
import io.noesis.run.RecipeException;
import io.noesis.run.Registry;
import io.noesis.run.Suggest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What all audits say, and what was let through by name.
 *
 * @param findings in the order of the registry, then of the subjects
 * @param allowed codes whose BLOCK does not stop the work
 */
public record AuditPanel(List<Finding> findings, Set<String> allowed) {
  /** Copies the collections and checks the codes. */
  public AuditPanel {
    findings = List.copyOf(findings);
    allowed = Set.copyOf(allowed);
    for (String code : allowed) {
      if (!Audits.registry().names().contains(code)) {
        throw new RecipeException(
            "unknown audit '"
                + code
                + "' is to be allowed. "
                + Suggest.sentence(code, Audits.registry().names()));
      }
    }
  }

  /**
   * Runs every audit of a phase on every subject, and then on all together.
   *
   * @param phase when
   * @param subjects one case per subject
   * @param allowed codes whose BLOCK does not stop the work
   * @return everything found
   * @throws RecipeException when an allowed code does not exist
   */
  public static AuditPanel inspect(
      Audit.Phase phase, List<AuditCase> subjects, Set<String> allowed) {
    List<Finding> findings = new ArrayList<>();
    for (Registry.Entry<Audit> entry : Audits.registry().entries()) {
      Audit audit = entry.value();
      if (audit.phase() == phase) {
        subjects.forEach(subject -> findings.addAll(audit.inspect(subject)));
        audit.conclude(subjects).ifPresent(findings::add);
      }
    }
    return new AuditPanel(findings, allowed);
  }

  /**
   * This panel's findings followed by those of another, for example of the next phase.
   *
   * @param later the other, with the same codes allowed
   * @return both
   */
  public AuditPanel and(AuditPanel later) {
    List<Finding> both = new ArrayList<>(findings);
    both.addAll(later.findings);
    return new AuditPanel(both, allowed);
  }

  /**
   * Whether a finding is a BLOCK that was let through by name.
   *
   * @param finding one of {@link #findings}
   * @return true for an allowed BLOCK
   */
  public boolean letThrough(Finding finding) {
    return finding.verdict() == Verdict.BLOCK && allowed.contains(finding.code());
  }

  /** The findings that stop the work: BLOCK, and not allowed. */
  public List<Finding> blocking() {
    return findings.stream()
        .filter(f -> f.verdict() == Verdict.BLOCK && !allowed.contains(f.code()))
        .toList();
  }

  /**
   * Stops the work when a BLOCK was not allowed.
   *
   * @param doing what was being done: {@code "checking the study haxby2001-vt"}
   * @throws AuditException that names each code, what decided and the way out
   */
  public void requireNoBlock(String doing) {
    List<Finding> blocking = blocking();
    if (blocking.isEmpty()) {
      return;
    }
    Map<String, List<Finding>> byCode = new LinkedHashMap<>();
    blocking.forEach(f -> byCode.computeIfAbsent(f.code(), k -> new ArrayList<>()).add(f));
    StringBuilder message = new StringBuilder(doing).append(": the result could not be trusted.");
    byCode.forEach(
        (code, of) -> {
          Finding first = of.get(0);
          message.append("\n  ").append(code);
          if (!first.subject().isEmpty()) {
            message.append(" (subject ").append(first.subject());
            message.append(of.size() > 1 ? " and " + (of.size() - 1) + " more)" : ")");
          }
          message.append(": ").append(first.decidedBy()).append(". ");
          message.append(first.explanation()).append(' ').append(first.remedy());
        });
    message
        .append("\nTo go on all the same, add --allow ")
        .append(String.join(" --allow ", byCode.keySet()))
        .append("; the report will show it.");
    throw new AuditException(message.toString());
  }
}
