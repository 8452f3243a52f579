package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.Fitting;
import java.util.Optional;

/**
 * What turns responses into embeddings.
 *
 * @param architecture a name of {@code noesis describe architectures}
 * @param settings its settings; missing ones take the architecture's defaults
 * @param subjects on whose trials an encoder is trained
 * @param start from where its network sets out, where it has one
 * @param training how its network is trained, where it has one; empty for the defaults
 * @param pretraining how its network first learns from responses alone; empty for not at all
 * @param prior draws embeddings given those that were decoded; empty for without
 */
public record EncoderSpec(
    String architecture,
    JsonNode settings,
    Subjects subjects,
    Fitting.Start start,
    Optional<TrainingSpec> training,
    Optional<PretrainingSpec> pretraining,
    Optional<EncoderPriorSpec> prior) {
  /** On whose trials an encoder is trained; always on training trials of its fold. */
  public enum Subjects {
    /** Each subject's is trained on their own. */
    EACH("each subject's own trials"),
    /** One for all, trained on those of all. */
    TOGETHER("the trials of all subjects together"),
    /** Each subject's is trained on those of all others, and has never seen the subject. */
    OTHERS("the trials of all other subjects");

    private final String words;

    Subjects(String words) {
      this.words = words;
    }

    /** On whose trials, in words. */
    String words() {
      return words;
    }
  }

  /** Ridge with its own defaults. */
  public static EncoderSpec defaults() {
    return new EncoderSpec(
        "ridge",
        JsonNodeFactory.instance.objectNode(),
        Subjects.EACH,
        Fitting.Start.RANDOM,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same architecture, trained on each subject alone. */
  EncoderSpec ofEach() {
    return new EncoderSpec(
        architecture, settings, Subjects.EACH, start, training, pretraining, prior);
  }
}
