package io.noesis.alignment.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
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
    if (!epoch.terms().isEmpty()) {
      json.set("terms", numbers(epoch.terms()));
    }
    return json;
  }

  static ObjectNode numbers(Map<String, Double> table) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    table.forEach(json::put);
    return json;
  }

  static Map<String, Double> numbers(JsonNode json) {
    Map<String, Double> table = new LinkedHashMap<>();
    json.properties().forEach(field -> table.put(field.getKey(), field.getValue().asDouble()));
    return table;
  }

  static EpochRecord read(JsonNode json) {
    return new EpochRecord(
        json.required("epoch").asInt(),
        json.required("step").asInt(),
        json.required("rate").asDouble(),
        json.required("loss").asDouble(),
        json.has("validation")
            ? OptionalDouble.of(json.required("validation").asDouble())
            : OptionalDouble.empty(),
        numbers(json.path("terms")));
  }
}
