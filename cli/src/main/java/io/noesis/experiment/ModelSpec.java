package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.experiment.geometry.ModelKinds;
import io.noesis.run.Check;
import java.util.Optional;

/**
 * A model whose geometry is compared.
 *
 * @param name what the report calls it
 * @param of a name of {@code noesis describe models}: image, text, pixels, matrix
 * @param settings of that kind; missing ones take its defaults
 */
public record ModelSpec(String name, String of, Optional<JsonNode> settings) {
  /** Checks the settings. */
  public ModelSpec {
    Check.argument(!name.isBlank(), "a model needs a name");
    ModelKinds.registry().get(of).bind(tree(settings));
  }

  /** The settings, or an empty mapping. */
  JsonNode tree() {
    return tree(settings);
  }

  private static JsonNode tree(Optional<JsonNode> settings) {
    return settings.orElseGet(JsonNodeFactory.instance::objectNode);
  }
}
