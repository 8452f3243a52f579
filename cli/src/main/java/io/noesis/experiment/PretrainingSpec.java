package io.noesis.experiment;

import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.architecture.ForeignWeights;
import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a network learns from responses alone before it is aligned.
 *
 * @param rows which rows it sees
 * @param study where {@code rows} is other-study: which one; its folder is relative to that of the
 *     decoded study, and all trials of its {@code subjects} are used
 * @param training how each of the architecture's stages is trained, in turn; the last one serves
 *     those that are left. The loss is that of the stage; the validation part is only measured
 * @param weights where {@code rows} is published: what another program learned
 */
public record PretrainingSpec(
    Rows rows,
    Optional<StudySpec> study,
    List<TrainingSpec> training,
    Optional<PublishedWeights> weights) {
  /** Which rows. */
  public enum Rows {
    /** The training trials of the fold. */
    TRAINING("training trials"),
    /**
     * Also its test trials, without what was shown: as Mind-Vis does. Audits reject it; here for
     * showing that they do.
     */
    ALL_TRIALS("all trials"),
    /** The training trials of all other subjects that take part, in the same fold. */
    OTHER_SUBJECTS("training trials of the other subjects"),
    /** All trials of another study, as Mind-Vis and Du-IN learn from large ones. */
    OTHER_STUDY("all trials of another study"),
    /** None here: another program learned from its own, and its weights are in a file. */
    PUBLISHED("what another program learned from");

    private final String words;

    Rows(String words) {
      this.words = words;
    }

    /** Which rows, in words. */
    String words() {
      return words;
    }

    /** Whether they are of people other than the decoded subject. */
    boolean ofOthers() {
      return this == OTHER_SUBJECTS || this == OTHER_STUDY;
    }
  }

  /** Copies. */
  public PretrainingSpec {
    training = List.copyOf(training);
    Check.argument(!training.isEmpty(), "training: expected settings for at least one stage");
    Check.argument(
        study.isPresent() == (rows == Rows.OTHER_STUDY),
        "study: it belongs to rows: other-study, found it %s with %s",
        study.isPresent() ? "given" : "missing",
        rows);
    Check.argument(
        weights.isPresent() == (rows == Rows.PUBLISHED),
        "weights: they belong to rows: published, found them %s with %s",
        weights.isPresent() ? "given" : "missing",
        rows);
  }

  /**
   * Weights of a published network.
   *
   * @param file a {@code .safetensors} with the names of its program
   * @param program a name of {@code noesis describe programs}, of the recipe's architecture
   * @param anew how names of our parameters begin that are drawn at random instead of taken over:
   *     {@code out} for a last map to other targets
   */
  public record PublishedWeights(Path file, String program, List<String> anew) {
    /** Copies, and checks the name. */
    public PublishedWeights {
      anew = List.copyOf(anew);
      ForeignWeights.registry().get(program);
    }

    /** SHA-256 of the file, as part of the identity of a run. */
    String identity() {
      requireFile();
      return Fingerprint.ofFile(file);
    }

    /** Refuses a file that is not there, or is none of that format. */
    void requireFile() {
      if (!Files.isRegularFile(file)) {
        throw new RecipeException(
            "encoder.pretraining.weights: there is no file "
                + file
                + ", from which the network shall start. Give the path of a .safetensors file.");
      }
      Safetensors.open(file).close();
    }
  }

  /** Training trials, by the defaults of trainings. */
  public static PretrainingSpec defaults() {
    return new PretrainingSpec(
        Rows.TRAINING, Optional.empty(), List.of(TrainingSpec.defaults()), Optional.empty());
  }
}
