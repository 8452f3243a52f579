package io.noesis.experiment;

import io.noesis.alignment.functional.FunctionalAlignments;
import io.noesis.ingest.signal.ResponseScaler;
import io.noesis.run.Check;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How responses are prepared before an encoder sees them, in this order: voxels of other ROIs are
 * left out, the baseline is taken away, a window is cut out, the noise that channels share is
 * normalised, what is left is scaled, values beyond a bound become it, and repetitions are
 * averaged.
 *
 * @param standardize which trials the scale is learnt from
 * @param unit what has a scale of its own
 * @param spread what a scale is
 * @param clamp bound of scaled values; none without it (BrainMagick: 20)
 * @param window the time of epochs that is used; all without it
 * @param baseline the time of epochs whose mean is taken away, for each trial and channel
 * @param whiten which trials have a covariance of noise of their own, by whose inverse root
 *     channels are multiplied (multivariate noise normalisation, {@link
 *     io.noesis.ingest.signal.NoiseWhitener})
 * @param average how many repetitions of a stimulus make one row
 * @param alignment how subjects that are trained together are brought into one space; empty for not
 *     at all
 * @param voxels the ROIs that are used; all voxels without it
 */
public record ResponseSpec(
    Standardize standardize,
    Unit unit,
    ResponseScaler.Spread spread,
    OptionalDouble clamp,
    Optional<Window> window,
    Optional<Window> baseline,
    Whiten whiten,
    Average average,
    Optional<Alignment> alignment,
    Optional<VoxelsSpec> voxels) {
  /** Which trials the scale is learnt from. */
  public enum Standardize {
    /** From the training trials of the fold: mean 0 and variance 1, or as the spread says. */
    TRAINING,
    /**
     * Also from the test trials: what leaky studies do. Audits reject it; here for showing that
     * they do.
     */
    ALL_TRIALS,
    /** Left as they are. */
    NONE
  }

  /**
   * How subjects are brought into one space. It is fitted on training trials of the stimuli that
   * everybody saw.
   *
   * @param method a name of {@link FunctionalAlignments}
   * @param features width of the space, where the method leaves a choice
   */
  public record Alignment(String method, int features) {
    /** Checks the name and the number. */
    public Alignment {
      FunctionalAlignments.registry().get(method);
      Check.argument(features >= 1, "features: expected at least 1, found %d", features);
    }

    /** A shared response model of 50 features. */
    public static Alignment defaults() {
      return new Alignment("shared-response", 50);
    }
  }

  /**
   * Which trials share a covariance of the noise of channels. It is learnt from the trials that the
   * scale is learnt from; responses must be epochs.
   */
  public enum Whiten {
    /** None: channels are not normalised. */
    NONE,
    /**
     * Those of a session; trials of a session of which there are no training trials, and new
     * responses, take the mean covariance of all sessions.
     */
    SESSION,
    /** All of the subject. */
    SUBJECT
  }

  /** What has a scale of its own. */
  public enum Unit {
    /** Each voxel; of epochs, each channel over trials and time. */
    AUTO,
    /** Each voxel; of epochs, each channel at each time. */
    FEATURE,
    /** Each channel over trials and time; responses must be epochs. */
    CHANNEL
  }

  /**
   * A window of time, both ends included.
   *
   * @param fromSeconds its beginning, the event being at 0
   * @param toSeconds its end
   */
  public record Window(double fromSeconds, double toSeconds) {
    /** Checks the order. */
    public Window {
      Check.argument(
          fromSeconds <= toSeconds,
          "window: expected fromSeconds up to toSeconds, found %s and %s",
          fromSeconds,
          toSeconds);
    }
  }

  /**
   * How many repetitions of a stimulus make one row: 1 leaves trials as they are, 0 takes all.
   *
   * @param train of training trials
   * @param test of test trials
   */
  public record Average(int train, int test) {
    /** Checks the numbers. */
    public Average {
      Check.argument(
          train >= 0 && test >= 0,
          "average: expected 0 (all repetitions) or more, found %d and %d",
          train,
          test);
    }

    /** None. */
    public static Average defaults() {
      return new Average(1, 1);
    }
  }

  /** Checks the bound. */
  public ResponseSpec {
    Check.argument(
        clamp.isEmpty() || clamp.getAsDouble() > 0,
        "clamp: expected a bound above 0, found %s",
        clamp.orElse(0));
  }

  /** Each voxel or channel by mean and deviation, learnt from training trials; nothing else. */
  public static ResponseSpec defaults() {
    return new ResponseSpec(
        Standardize.TRAINING,
        Unit.AUTO,
        ResponseScaler.Spread.STANDARD,
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        Whiten.NONE,
        Average.defaults(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same of other voxels. */
  ResponseSpec with(VoxelsSpec others) {
    return new ResponseSpec(
        standardize,
        unit,
        spread,
        clamp,
        window,
        baseline,
        whiten,
        average,
        alignment,
        Optional.of(others));
  }

  /**
   * The name of what is learnt in records of what was fitted.
   *
   * @param epochs whether responses are epochs
   * @return for example {@code mean and deviation of each voxel}
   */
  String transform(Epochs epochs) {
    String scale =
        (spread == ResponseScaler.Spread.STANDARD ? "mean and deviation" : "median and quartiles")
            + " of each "
            + unitName(epochs);
    if (whiten == Whiten.NONE) {
      return scale;
    }
    String noise = "noise covariance of channels";
    return standardize == Standardize.NONE ? noise : noise + ", " + scale;
  }

  /** Whether responses are epochs. */
  enum Epochs {
    YES,
    NO,
    /** Recordings were not looked at. */
    UNKNOWN
  }

  private String unitName(Epochs epochs) {
    return switch (unit) {
      case CHANNEL -> "channel";
      case FEATURE -> epochs == Epochs.YES ? "channel and sample" : "voxel";
      case AUTO -> epochs == Epochs.YES ? "channel" : "voxel";
    };
  }

  /** What was done, as sentences for a methods section. */
  String inWords(Epochs epochs) {
    StringBuilder text = new StringBuilder();
    voxels.ifPresent(v -> text.append(v.inWords()));
    baseline.ifPresent(
        w ->
            text.append(
                String.format(
                    java.util.Locale.ROOT,
                    "Of each trial and channel the mean from %s s to %s s was taken away. ",
                    w.fromSeconds(),
                    w.toSeconds())));
    window.ifPresent(
        w ->
            text.append(
                String.format(
                    java.util.Locale.ROOT,
                    "Epochs were used from %s s to %s s. ",
                    w.fromSeconds(),
                    w.toSeconds())));
    text.append(noise());
    text.append(scaling(epochs));
    clamp.ifPresent(bound -> text.append("Values beyond ±" + bound + " became that bound. "));
    text.append(averaged("training", average.train())).append(averaged("test", average.test()));
    return text.toString();
  }

  private String noise() {
    if (whiten == Whiten.NONE) {
      return "";
    }
    return "Channels were multiplied by the inverse root of the covariance of their noise"
        + " (Ledoit and Wolf's estimate for each trial, its mean over the trials of a stimulus, then"
        + " over stimuli), "
        + (whiten == Whiten.SESSION ? "for each session, " : "")
        + (standardize == Standardize.ALL_TRIALS
            ? "of ALL trials, test trials included. "
            : "of the training trials. ");
  }

  private String scaling(Epochs epochs) {
    String name = unitName(epochs);
    String how =
        spread == ResponseScaler.Spread.STANDARD
            ? "mean 0 and variance 1"
            : "median 0 and a distance of the quartiles of 1";
    return switch (standardize) {
      case TRAINING ->
          "Each " + name + " was scaled to " + how + " with statistics of the training trials. ";
      case ALL_TRIALS ->
          "Each "
              + name
              + " was scaled to "
              + how
              + " with statistics of ALL trials, test trials included. ";
      case NONE -> (epochs == Epochs.YES ? "Channels" : "Voxels") + " were not scaled further. ";
    };
  }

  private static String averaged(String part, int together) {
    return together == 1
        ? ""
        : "Responses of "
            + (together == 0 ? "all" : "up to " + together)
            + " repetitions of a "
            + part
            + " stimulus were averaged. ";
  }
}
