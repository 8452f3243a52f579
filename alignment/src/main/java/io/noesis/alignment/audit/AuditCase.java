package io.noesis.alignment.audit;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.score.Score;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;

/**
 * One subject's plan and, once it has been carried out, what came of it.
 *
 * @param subject label without {@code sub-}
 * @param trials one row per trial
 * @param stimuli everything the trials show
 * @param twins which stimuli are the same picture under two ids
 * @param folds the splits, each over the rows of {@code trials}
 * @param kind how responses came from the recording
 * @param fits every transform that was fitted, with the rows it saw
 * @param unit what has a target of its own
 * @param targets one embedding per unit, if they are made already
 * @param outcome what came of it; empty before training
 * @param background what the decoders learnt from besides this subject's training trials
 */
public record AuditCase(
    String subject,
    TrialTable trials,
    StimulusSet stimuli,
    StimulusTwins twins,
    List<Split> folds,
    ResponseKind kind,
    List<FitRecord> fits,
    TargetUnit unit,
    Optional<Embeddings> targets,
    Optional<Outcome> outcome,
    Background background) {
  /**
   * What came of it.
   *
   * @param decoded decoded embeddings of the test trials, where they are at hand
   * @param scores all scores of this subject
   * @param made pictures and captions made from what was decoded
   * @param alone what trials are decoded to by themselves; empty where none was
   */
  public record Outcome(
      Optional<Embeddings> decoded, List<Score> scores, List<Made> made, Optional<Alone> alone) {

    /** Copies the lists. */
    public Outcome {
      scores = List.copyOf(scores);
      made = List.copyOf(made);
    }
  }

  /** One whose decoders learnt from this subject's training trials only. */
  public AuditCase(
      String subject,
      TrialTable trials,
      StimulusSet stimuli,
      StimulusTwins twins,
      List<Split> folds,
      ResponseKind kind,
      List<FitRecord> fits,
      TargetUnit unit,
      Optional<Embeddings> targets,
      Optional<Outcome> outcome) {
    this(
        subject,
        trials,
        stimuli,
        twins,
        folds,
        kind,
        fits,
        unit,
        targets,
        outcome,
        Background.NONE);
  }

  /** Checks that folds, fits and background speak of these trials. */
  public AuditCase {
    folds = List.copyOf(folds);
    fits = List.copyOf(fits);
    Check.argument(!folds.isEmpty(), "an audit of subject %s needs at least one fold", subject);
    for (Split fold : folds) {
      Check.size("parts of the fold " + fold.name(), trials.size(), fold.parts().size());
    }
    if (!background.companions().isEmpty()) {
      Check.size("stimuli seen through others", folds.size(), background.companions().size());
    }
    if (!background.parents().isEmpty()) {
      Check.size("parents of decoders", folds.size(), background.parents().size());
    }
    for (FitRecord fit : fits) {
      for (List<Integer> rows : List.of(fit.fittedOn(), fit.appliedTo())) {
        for (int row : rows) {
          Check.argument(
              row >= 0 && row < trials.size(),
              "'%s' for %s names row %d of %d trials",
              fit.transform(),
              fit.group(),
              row,
              trials.size());
        }
      }
    }
  }

  /**
   * The same case after it was carried out.
   *
   * @param result what came of it
   * @return a new case
   */
  public AuditCase with(Outcome result) {
    return with(Optional.of(result), background);
  }

  /** The same with what the decoders learnt from besides. */
  public AuditCase with(Background other) {
    return with(outcome, other);
  }

  /** Pictures and captions made from what was decoded. */
  List<Made> made() {
    return outcome.map(Outcome::made).orElse(List.of());
  }

  private AuditCase with(Optional<Outcome> result, Background other) {
    return new AuditCase(
        subject, trials, stimuli, twins, folds, kind, fits, unit, targets, result, other);
  }
}
