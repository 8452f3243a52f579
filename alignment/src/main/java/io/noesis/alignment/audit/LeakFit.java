package io.noesis.alignment.audit;

import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Split;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code LEAK-FIT}: a transform learnt from test trials. BLOCK when one was fitted on test rows
 * together with training rows, or on test rows and applied to training rows. A transform of a group
 * that lies wholly in one part (z-scoring of each run, runs split whole) is in order.
 */
final class LeakFit implements Audit {
  static final String CODE = "LEAK-FIT";

  @Override
  public String code() {
    return CODE;
  }

  @Override
  public Phase phase() {
    return Phase.PLAN;
  }

  @Override
  public List<Finding> inspect(AuditCase subject) {
    Findings findings = new Findings(CODE, subject.subject());
    if (subject.fits().isEmpty()) {
      return List.of(
          findings.pass("no transform was fitted on trials", "There is nothing that could leak."));
    }
    Set<String> guilty = new LinkedHashSet<>();
    Set<String> touched = new LinkedHashSet<>();
    Set<Integer> rows = new LinkedHashSet<>();
    for (Split split : subject.folds()) {
      Fold fold = new Fold(split, subject.trials());
      for (FitRecord fit : subject.fits()) {
        List<Integer> leaking = fit.serves(split) ? leaking(fit, fold) : List.of();
        if (!leaking.isEmpty()) {
          guilty.add(fit.transform() + " (" + fit.group() + ")");
          touched.add(split.name());
          rows.addAll(leaking);
        }
      }
    }
    if (guilty.isEmpty()) {
      return List.of(
          findings.pass(
              subject.fits().size() + " fitted transforms, none across training and test",
              "Every transform was fitted within one part of every fold."));
    }
    return List.of(
        findings.block(
            rows.size()
                + " test rows took part in "
                + guilty.size()
                + " fitted transforms that also serve training, in "
                + touched.size()
                + " of "
                + subject.folds().size()
                + " folds",
            "Test trials shaped what the decoder was trained on or how they are themselves scaled: "
                + Findings.some(guilty)
                + ".",
            "Fit the transform on training rows only, or split so that each of its groups (run,"
                + " session) lies in one part."));
  }

  /** The test rows that a fit saw in a way that it may not; validation rows count as training. */
  private static List<Integer> leaking(FitRecord fit, Fold fold) {
    List<Integer> testRows = new ArrayList<>();
    boolean fittedOnSeen = false;
    for (int row : fit.fittedOn()) {
      if (fold.tested(row)) {
        testRows.add(row);
      }
      fittedOnSeen |= fold.seen(row);
    }
    boolean usedInTest = fit.appliedTo().stream().anyMatch(fold::tested);
    boolean usedInTraining = fit.appliedTo().stream().anyMatch(fold::seen);
    boolean leaks = (fittedOnSeen && usedInTest) || usedInTraining;
    return leaks ? testRows : List.of();
  }
}
