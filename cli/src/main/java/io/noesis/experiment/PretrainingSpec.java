package io.noesis.experiment;

import io.noesis.alignment.train.TrainingSpec;
import io.noesis.run.Check;
import java.util.List;

/**
 * How a network learns from responses alone before it is aligned.
 *
 * @param rows which rows it sees
 * @param training how each of the architecture's stages is trained, in turn; the last one serves
 *     those that are left. The loss is that of the stage; the validation part is only measured
 */
public record PretrainingSpec(Rows rows, List<TrainingSpec> training) {
  /** Which rows. */
  public enum Rows {
    /** The training trials of the fold. */
    TRAINING("training trials"),
    /**
     * Also its test trials, without what was shown: as Mind-Vis does. Audits reject it; here for
     * showing that they do.
     */
    ALL_TRIALS("all trials");

    private final String words;

    Rows(String words) {
      this.words = words;
    }

    /** Which rows, in words. */
    String words() {
      return words;
    }
  }

  /** Copies. */
  public PretrainingSpec {
    training = List.copyOf(training);
    Check.argument(!training.isEmpty(), "training: expected settings for at least one stage");
  }

  /** Training trials, by the defaults of trainings. */
  public static PretrainingSpec defaults() {
    return new PretrainingSpec(Rows.TRAINING, List.of(TrainingSpec.defaults()));
  }
}
