package io.noesis.experiment;

import io.noesis.alignment.audit.Audit;
import io.noesis.alignment.audit.AuditCase;
import io.noesis.alignment.audit.AuditPanel;
import io.noesis.alignment.audit.StimulusTwins;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.StimulusSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the audits of a plan again when something more is fitted on a trained run. */
final class MadeLeaks {
  private MadeLeaks() {}

  /**
   * Refuses to stretch decoded embeddings where that would use a test trial.
   *
   * @throws io.noesis.run.AuditException when an audit blocks and is not let through
   */
  static void require(
      Decoded decoded, StimulusSet stimuli, TargetTable targets, Execution execution) {
    List<FitRecord> fits = new ArrayList<>(decoded.fits());
    fits.addAll(Stretching.fits(decoded));
    AuditCase subject =
        new AuditCase(
            decoded.subject(),
            decoded.trials(),
            stimuli,
            StimulusTwins.NONE,
            decoded.folds(),
            decoded.kind(),
            fits,
            targets.unit(),
            Optional.of(targets.embeddings()),
            Optional.empty());
    AuditPanel panel = AuditPanel.inspect(Audit.Phase.PLAN, List.of(subject), execution.allowed());
    new AuditPanel(
            panel.findings().stream().filter(f -> f.code().equals("LEAK-FIT")).toList(),
            execution.allowed())
        .requireNoBlock("fitting the stretch of decoded embeddings");
  }
}
