package io.noesis.alignment.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/** Epochs as lines of JSON; doubles come back with the same bits. */
final class EpochJson {
  private EpochJson() {}

  static ObjectNode write(EpochRecord epoch) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("epoch", epoch.epoch());
    json.put("step", epoch.step());
    json.put("rate", epoch.rate());
    json.put("loss", epoch.loss());
    epoch.validation().ifPresent(value -> json.put("validation", value));
    return json;
  }

  static EpochRecord read(JsonNode json) {
    return new EpochRecord(
        json.required("epoch").asInt(),
        json.required("step").asInt(),
        json.required("rate").asDouble(),
        json.required("loss").asDouble(),
        json.has("validation")
            ? OptionalDouble.of(json.required("validation").asDouble())
            : OptionalDouble.empty());
  }
}
