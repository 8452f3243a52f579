package io.noesis.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes a record as the tree that {@link RecordBinder} binds to an equal record. */
final class RecordTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private RecordTree() {}

  static ObjectNode of(Record value) {
    ObjectNode out = NODES.objectNode();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      JsonNode node = node(RecordShape.read(component, value));
      if (!node.isNull()) {
        out.set(component.getName(), node);
      }
    }
    return out;
  }

  private static JsonNode node(@Nullable Object value) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof JsonNode node) {
      return node;
    }
    if (value instanceof Record record) {
      return of(record);
    }
    if (value instanceof Optional<?> optional) {
      return node(optional.orElse(null));
    }
    if (value instanceof List<?> list) {
      ArrayNode out = NODES.arrayNode();
      list.forEach(item -> out.add(node(item)));
      return out;
    }
    if (value instanceof Map<?, ?> map) {
      // Sorted: an immutable map of the JDK iterates in another order in every process.
      TreeMap<String, JsonNode> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put(String.valueOf(key), node(item)));
      ObjectNode out = NODES.objectNode();
      sorted.forEach(out::set);
      return out;
    }
    return scalar(value);
  }

  private static JsonNode scalar(Object value) {
    if (value instanceof Enum<?> constant) {
      return NODES.textNode(RecordShape.nameOf(constant));
    }
    if (value instanceof Integer i) {
      return NODES.numberNode(i);
    }
    if (value instanceof Long l) {
      return NODES.numberNode(l);
    }
    if (value instanceof Double d) {
      return NODES.numberNode(d);
    }
    if (value instanceof Boolean b) {
      return NODES.booleanNode(b);
    }
    if (value instanceof OptionalInt i) {
      return i.isPresent() ? NODES.numberNode(i.getAsInt()) : NODES.nullNode();
    }
    if (value instanceof OptionalLong l) {
      return l.isPresent() ? NODES.numberNode(l.getAsLong()) : NODES.nullNode();
    }
    if (value instanceof OptionalDouble d) {
      return d.isPresent() ? NODES.numberNode(d.getAsDouble()) : NODES.nullNode();
    }
    return NODES.textNode(value.toString());
  }
}
