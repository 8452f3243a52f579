package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.train.TrainingSpec;
import java.util.Optional;

/**
 * What turns responses into embeddings.
 *
 * @param architecture a name of {@code noesis describe architectures}
 * @param settings its settings; missing ones take the architecture's defaults
 * @param training how its network is trained, where it has one; empty for the defaults
 */
public record EncoderSpec(String architecture, JsonNode settings, Optional<TrainingSpec> training) {
  /** Ridge with its own defaults. */
  public static EncoderSpec defaults() {
    return new EncoderSpec("ridge", JsonNodeFactory.instance.objectNode(), Optional.empty());
  }
}
