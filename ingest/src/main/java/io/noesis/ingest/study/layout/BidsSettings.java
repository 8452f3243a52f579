package io.noesis.ingest.study.layout;

import io.noesis.ingest.glm.BetaUnit;
import io.noesis.ingest.glm.NoiseModel;
import io.noesis.ingest.glm.RunTiming;
import io.noesis.ingest.glm.TrialModel;
import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.volume.NonFinite;
import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a BIDS folder is read.
 *
 * @param subjects labels without {@code sub-}; empty for all
 * @param task the task whose runs are read; needed when there are several
 * @param derivative a folder below {@code derivatives/} that holds the BOLD runs (fMRIPrep's);
 *     without it the raw runs are read
 * @param space the space of the BOLD runs, when the derivative has several
 * @param mask {@code auto} (the runs' own {@code desc-brain_mask}, else {@code mean}), {@code mean}
 *     (bright voxels of the mean volume) or a path, in which {@code {subject}} is replaced
 * @param meanFraction for {@code mean}: threshold between the dark and the bright end, in (0, 1)
 * @param nonFinite what to do with voxels that are NaN or infinite
 * @param glm how betas are estimated
 * @param confounds columns of {@code desc-confounds_timeseries.tsv} to explain away
 * @param scaling how betas are scaled within each run
 * @param rest values of {@code trial_type} that are no trials
 * @param stimulusColumn column of the events that names the stimulus; without it {@code
 *     stimulus_id}, else {@code stim_file}, else every event is a stimulus of its own
 * @param categoryColumn column of the events that names the category; without it the stimulus
 *     table's, else {@code trial_type}
 * @param stimuli the stimulus table, below the study's folder
 * @param windowSeconds how long a response lasts: the window of a trial, for audits
 * @param windows volumes around each trial in the place of a beta; empty for betas. Confounds and
 *     drift ({@code glm.highPassHz}) are taken away before, and {@code scaling} is that of each
 *     voxel over the run
 */
public record BidsSettings(
    List<String> subjects,
    Optional<String> task,
    Optional<String> derivative,
    Optional<String> space,
    String mask,
    double meanFraction,
    NonFinite nonFinite,
    Glm glm,
    List<String> confounds,
    Scaling scaling,
    List<String> rest,
    Optional<String> stimulusColumn,
    Optional<String> categoryColumn,
    Path stimuli,
    double windowSeconds,
    Optional<Windows> windows) {
  /**
   * A window of volumes for each trial. Its first volume is the one that was sampled nearest to its
   * beginning, and trials whose window is not whole within the run are no trials.
   *
   * @param fromSeconds its beginning, the trial's onset being at 0
   * @param toSeconds its end, included
   * @param parcels a label image below the study's folder, in which {@code {subject}} is replaced:
   *     the mean over the voxels of each label is a channel, in the order of the labels; empty for
   *     a channel for each voxel
   */
  public record Windows(double fromSeconds, double toSeconds, Optional<String> parcels) {
    /** Checks the order. */
    public Windows {
      Check.argument(
          fromSeconds <= toSeconds,
          "windows: expected fromSeconds up to toSeconds, found %s and %s",
          fromSeconds,
          toSeconds);
    }

    /** Number of the first volume of a trial's window; below 0 where that was not recorded. */
    int first(double onset, RunTiming timing) {
      return (int) Math.round((onset + fromSeconds - timing.startSeconds()) / timing.trSeconds());
    }

    /** How many volumes. */
    int count(RunTiming timing) {
      return (int) Math.round((toSeconds - fromSeconds) / timing.trSeconds()) + 1;
    }
  }

  /**
   * How betas are estimated.
   *
   * @param hrf name of a haemodynamic response
   * @param highPassHz cosines up to this frequency are drift
   * @param model how neighbouring trials are told apart
   * @param noise what is assumed of neighbouring volumes
   * @param unit the unit of betas
   */
  public record Glm(
      String hrf, double highPassHz, TrialModel model, NoiseModel noise, BetaUnit unit) {
    /** SPM's response, drift up to 0.01 Hz, one regressor per trial, ordinary least squares. */
    public static Glm defaults() {
      return new Glm(
          "spm", 0.01, TrialModel.LEAST_SQUARES_ALL, NoiseModel.ORDINARY, BetaUnit.SCANNER);
    }
  }

  /** Checks the ranges. */
  public BidsSettings {
    Check.argument(
        meanFraction > 0 && meanFraction < 1,
        "meanFraction: expected a number in (0, 1), found %s",
        meanFraction);
    Check.argument(
        windowSeconds > 0, "windowSeconds: expected a positive number, found %s", windowSeconds);
  }

  /** Everything found by itself. */
  public static BidsSettings defaults() {
    return new BidsSettings(
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "auto",
        0.3,
        NonFinite.REFUSE,
        Glm.defaults(),
        List.of(),
        Scaling.NONE,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Path.of("stimuli", "stimuli.tsv"),
        20,
        Optional.empty());
  }
}
