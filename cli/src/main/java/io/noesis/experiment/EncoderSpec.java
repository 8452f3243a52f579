package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * What turns responses into embeddings.
 *
 * @param architecture a name of {@code noesis describe architectures}
 * @param settings its settings; missing ones take the architecture's defaults
 */
public record EncoderSpec(String architecture, JsonNode settings) {
  /** Ridge with its own defaults. */
  public static EncoderSpec defaults() {
    return new EncoderSpec("ridge", JsonNodeFactory.instance.objectNode());
  }
}
