package io.noesis.alignment.audit;

import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code LEAK-WINDOW}: training and test trials were made from the same stretch of a recording. For
 * recorded samples that is BLOCK; for single-trial GLM estimates of one run, whose neighbours are
 * modelled jointly, and for responses made elsewhere it is WARN.
 */
final class LeakWindow implements Audit {
  static final String CODE = "LEAK-WINDOW";

  /** Seconds: onsets are written with few digits, so windows that touch may seem to overlap. */
  private static final double TOUCHING = 1e-6;

  @Override
  public String code() {
    return CODE;
  }

  @Override
  public Phase phase() {
    return Phase.PLAN;
  }

  private record Overlap(String fold, int tested, int overlapping, double longestSeconds) {}

  @Override
  public List<Finding> inspect(AuditCase subject) {
    Findings findings = new Findings(CODE, subject.subject());
    long unknown = subject.trials().trials().stream().filter(t -> !known(t)).count();
    Overlap worst = null;
    int touched = 0;
    for (Split split : subject.folds()) {
      Overlap overlap = overlap(new Fold(split, subject.trials()));
      touched += overlap.overlapping() > 0 ? 1 : 0;
      if (worst == null || overlap.overlapping() > worst.overlapping()) {
        worst = overlap;
      }
    }
    if (worst != null && worst.overlapping() > 0) {
      return List.of(found(findings, subject, worst, touched));
    }
    if (unknown > 0) {
      return List.of(
          findings.notJudged(
              unknown + " of " + subject.trials().size() + " trials have no known window",
              "Which stretch of the recording they came from is not recorded.",
              "Give onset and duration of every trial to have this judged."));
    }
    return List.of(
        findings.pass(
            "0 test trials overlap with training trials",
            "No stretch of a recording serves both training and test."));
  }

  private static Finding found(
      Findings findings, AuditCase subject, Overlap worst, int touchedFolds) {
    String decidedBy =
        String.format(
            java.util.Locale.ROOT,
            "%d of %d test trials overlap with training trials of the same recording by up to"
                + " %.3g s in the fold '%s'; %d of %d folds are touched",
            worst.overlapping(),
            worst.tested(),
            worst.longestSeconds(),
            worst.fold(),
            touchedFolds,
            subject.folds().size());
    if (subject.kind() == ResponseKind.SAMPLES) {
      return findings.block(
          decidedBy,
          "The same recorded samples are in training and in test.",
          "Split by run, or leave a gap of at least one window between training and test.");
    }
    return findings.warn(
        decidedBy,
        subject.kind() == ResponseKind.BETAS
            ? "Neighbouring trials of a run are estimated jointly, so training and test estimates"
                + " share noise."
            : "How these responses were made is not known; if neighbours share samples, training"
                + " and test share noise.",
        "Keep test runs of their own (rule leave-run-out, or the study's own test runs) to be"
            + " certain.");
  }

  private static Overlap overlap(Fold fold) {
    Map<String, List<Integer>> byRecording = new LinkedHashMap<>();
    int tested = 0;
    for (int row = 0; row < fold.trials().size(); row++) {
      Trial trial = fold.trials().get(row);
      tested += fold.tested(row) ? 1 : 0;
      if (known(trial) && (fold.tested(row) || fold.seen(row))) {
        byRecording
            .computeIfAbsent(trial.subject() + "\n" + trial.recording(), k -> new ArrayList<>())
            .add(row);
      }
    }
    int overlapping = 0;
    double longest = 0;
    for (List<Integer> rows : byRecording.values()) {
      for (int row : rows) {
        double shared = fold.tested(row) ? longestShared(fold, row, rows) : 0;
        overlapping += shared > TOUCHING ? 1 : 0;
        longest = Math.max(longest, shared);
      }
    }
    return new Overlap(fold.split().name(), tested, overlapping, longest);
  }

  private static double longestShared(Fold fold, int test, List<Integer> rows) {
    Trial a = fold.trials().get(test);
    double longest = 0;
    for (int row : rows) {
      if (fold.seen(row)) {
        Trial b = fold.trials().get(row);
        double shared =
            Math.min(a.windowEndSeconds(), b.windowEndSeconds())
                - Math.max(a.windowStartSeconds(), b.windowStartSeconds());
        longest = Math.max(longest, shared);
      }
    }
    return longest;
  }

  private static boolean known(Trial trial) {
    return Double.isFinite(trial.windowStartSeconds()) && Double.isFinite(trial.windowEndSeconds());
  }
}
