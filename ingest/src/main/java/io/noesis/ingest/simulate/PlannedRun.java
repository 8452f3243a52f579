package io.noesis.ingest.simulate;

import io.noesis.ingest.glm.DesignMatrix;
import io.noesis.ingest.glm.DesignSpec;
import io.noesis.ingest.glm.RunTiming;
import io.noesis.ingest.glm.TrialTiming;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of a plan.
 *
 * @param session label, empty when the study has one session
 * @param run label, from {@code 01} within its session
 * @param timing when its volumes are sampled
 * @param stimulusSeconds how long each picture is on
 * @param trials by onset
 */
public record PlannedRun(
    String session,
    String run,
    RunTiming timing,
    double stimulusSeconds,
    List<PlannedTrial> trials) {

  public PlannedRun {
    trials = List.copyOf(trials);
  }

  /** The design by which the run is simulated, and by which its betas are best estimated. */
  public DesignMatrix design() {
    List<TrialTiming> timings = new ArrayList<>();
    for (int k = 0; k < trials.size(); k++) {
      timings.add(
          new TrialTiming("trial-" + (k + 1), trials.get(k).onsetSeconds(), stimulusSeconds));
    }
    return DesignMatrix.of(timing, timings, DesignSpec.DEFAULT);
  }

  /** The entities of its file names after the subject: {@code _ses-01_task-pictures_run-01}. */
  String entities() {
    return (session.isEmpty() ? "" : "_ses-" + session) + "_task-" + Bids.TASK + "_run-" + run;
  }
}
