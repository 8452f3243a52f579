package io.noesis.experiment;

import io.noesis.alignment.train.TrainingSpec;
import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the networks of an earlier run are adapted to new subjects.
 *
 * @param parent folder of the run; what it holds belongs to the result, where it lies does not
 * @param shares of the training trials to adapt with, one point of the learning curve each; in (0,
 *     1]. The largest gives the scores of the report
 * @param trials numbers of training trials, further points
 * @param tune what learns
 * @param training of the adaptation with all trials; empty for that of the encoder. Where the
 *     subject's own map cannot be started in closed form there are more epochs with fewer trials,
 *     so that every point takes about as many steps
 * @param against what is fitted on the same trials for comparison
 */
public record AdaptationSpec(
    Path parent,
    List<Double> shares,
    List<Integer> trials,
    Tune tune,
    Optional<TrainingSpec> training,
    List<Against> against) {
  /** What of the network learns. */
  public enum Tune {
    /** The weights of the new subject's own; the rest is left as it is. */
    SUBJECT,
    /** Everything, starting from the shared weights. */
    EVERYTHING
  }

  /** What an adapted network is compared with. */
  public enum Against {
    /** The same network from random first weights. */
    SCRATCH,
    /** Ridge. */
    RIDGE
  }

  /** Checks the ranges and copies the lists. */
  public AdaptationSpec {
    shares = List.copyOf(shares);
    trials = List.copyOf(trials);
    against = List.copyOf(against);
    for (double share : shares) {
      Check.argument(
          share > 0 && share <= 1,
          "shares: expected parts of the training trials above 0 and up to 1, found %s",
          share);
    }
    for (int number : trials) {
      Check.argument(number >= 2, "trials: expected at least 2, found %d", number);
    }
    Check.argument(
        !shares.isEmpty() || !trials.isEmpty(), "expected at least one of shares and trials");
  }

  /** All training trials, the subject's own weights, nothing to compare with. */
  public static AdaptationSpec defaults() {
    return new AdaptationSpec(
        Path.of("."), List.of(1.0), List.of(), Tune.SUBJECT, Optional.empty(), List.of());
  }

  /**
   * Fits the new subject's own weights, and compares with the same network from scratch and ridge.
   *
   * @param parent folder of the run
   * @param shares of the training trials, one point of the learning curve each
   * @return how
   */
  public static AdaptationSpec of(Path parent, List<Double> shares) {
    return new AdaptationSpec(
        parent,
        shares,
        List.of(),
        Tune.SUBJECT,
        Optional.empty(),
        List.of(Against.SCRATCH, Against.RIDGE));
  }
}
