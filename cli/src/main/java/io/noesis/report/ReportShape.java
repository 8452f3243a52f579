package io.noesis.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.run.Suggest;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks the keys of a JSON tree against the components of {@link Report}: a component is optional
 * when it is marked {@code @Nullable}, may be null when it is a double, and must be there
 * otherwise.
 */
final class ReportShape {
  private final List<String> problems = new ArrayList<>();

  private ReportShape() {}

  /** Every broken key with its path, in the order of the layout; empty when all keys fit. */
  static List<String> problems(JsonNode tree) {
    ReportShape shape = new ReportShape();
    shape.object(tree, Report.class, "");
    return shape.problems;
  }

  private void object(JsonNode node, Class<?> type, String path) {
    if (!node.isObject()) {
      problems.add(path + " is " + word(node) + ", expected an object");
      return;
    }
    Set<String> known =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                problems.add(
                    "unknown key " + join(path, name) + ". " + Suggest.sentence(name, known));
              }
            });
    for (RecordComponent component : type.getRecordComponents()) {
      JsonNode value = node.get(component.getName());
      String where = join(path, component.getName());
      if (value == null || value.isNull()) {
        boolean fine = optional(component) || (value != null && number(component.getType()));
        if (!fine) {
          problems.add(where + " is " + (value == null ? "missing" : "null"));
        }
      } else {
        value(value, component.getGenericType(), where);
      }
    }
  }

  private void value(JsonNode node, Type type, String path) {
    if (type instanceof ParameterizedType list) {
      if (!node.isArray()) {
        problems.add(path + " is " + word(node) + ", expected a list");
        return;
      }
      Type element = list.getActualTypeArguments()[0];
      for (int i = 0; i < node.size(); i++) {
        String where = path + "[" + i + "]";
        if (!node.get(i).isNull()) {
          value(node.get(i), element, where);
        } else if (!number(element)) {
          problems.add(where + " is null");
        }
      }
    } else if (type instanceof Class<?> single && single.isRecord()) {
      object(node, single, path);
    }
  }

  private static boolean optional(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static boolean number(Type type) {
    return type == double.class || type == Double.class;
  }

  private static String word(JsonNode node) {
    return "a JSON " + node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
