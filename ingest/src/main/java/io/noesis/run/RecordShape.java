package io.noesis.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a record's components are called, need and default to, for {@link RecordBinder}. */
final class RecordShape {
  private RecordShape() {}

  /** A value's kind in words, for messages. */
  static String kindOf(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT, POJO -> "a mapping";
      case ARRAY -> "a list";
      case STRING -> "the text '" + node.asText() + "'";
      case NUMBER -> "the number " + node.asText();
      case BOOLEAN -> "the truth value " + node.asText();
      case NULL, MISSING -> "empty";
      case BINARY -> "binary";
    };
  }

  /** How an enum constant is written in YAML: {@code BY_STIMULUS} as {@code by-stimulus}. */
  static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static @Nullable Object defaultsOf(Class<?> type) {
    try {
      Method method = type.getDeclaredMethod("defaults");
      method.setAccessible(true);
      return method.invoke(null);
    } catch (NoSuchMethodException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("calling " + type.getName() + ".defaults()", e);
    }
  }

  /** A text in the place of a mapping, written out where the record has a short form. */
  static JsonNode written(JsonNode given, Class<?> type) {
    if (!given.isTextual()) {
      return given;
    }
    try {
      Method method = type.getDeclaredMethod("shortForm");
      method.setAccessible(true);
      return YamlTree.emptyMapping().set((String) method.invoke(null), given);
    } catch (NoSuchMethodException e) {
      return given;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("calling " + type.getName() + ".shortForm()", e);
    }
  }

  static @Nullable Object read(RecordComponent component, Object record) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("reading " + component, e);
    }
  }

  static @Nullable Object emptyOf(Class<?> type) {
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (type == OptionalInt.class) {
      return OptionalInt.empty();
    }
    if (type == OptionalLong.class) {
      return OptionalLong.empty();
    }
    return type == OptionalDouble.class ? OptionalDouble.empty() : null;
  }

  static String expected(Type type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == Path.class) {
      return "a path";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    return type instanceof Class<?> c && c.isEnum()
        ? "one of "
            + String.join(
                ", ", Arrays.stream(c.getEnumConstants()).map(e -> nameOf((Enum<?>) e)).toList())
        : "a mapping";
  }

  /** What keys take that are absent unless given. */
  static Map<String, String> absent(Class<?> type) {
    Object defaults = defaultsOf(type);
    Map<String, String> absent = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Object value = defaults == null ? null : read(component, defaults);
      if (isAbsent(value == null ? emptyOf(component.getType()) : value)) {
        absent.put(component.getName(), taken(component.getGenericType()));
      }
    }
    return absent;
  }

  /** What the keys take that name one of several things, by their path below a record. */
  static Map<String, String> choices(Class<?> type) {
    Map<String, String> choices = new LinkedHashMap<>();
    choices("", type, Set.of(), choices);
    return choices;
  }

  private static void choices(
      String path, Type type, Set<Type> above, Map<String, String> choices) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      String below = generic.getRawType() == Map.class ? path + ".NAME" : path;
      choices(below, arguments[arguments.length - 1], above, choices);
    } else if (type instanceof Class<?> raw && raw.isEnum()) {
      choices.put(path, expected(raw));
    } else if (type instanceof Class<?> raw && raw.isRecord() && !above.contains(raw)) {
      Set<Type> inside = new HashSet<>(above);
      inside.add(raw);
      for (RecordComponent component : raw.getRecordComponents()) {
        String name = component.getName();
        choices(
            path.isEmpty() ? name : path + "." + name, component.getGenericType(), inside, choices);
      }
    }
  }

  private static boolean isAbsent(@Nullable Object value) {
    return Optional.empty().equals(value)
        || OptionalInt.empty().equals(value)
        || OptionalLong.empty().equals(value)
        || OptionalDouble.empty().equals(value);
  }

  private static String taken(Type type) {
    if (type == OptionalInt.class || type == OptionalLong.class) {
      return expected(long.class);
    }
    if (type == OptionalDouble.class) {
      return expected(double.class);
    }
    Type inner =
        type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : type;
    if (!(inner instanceof Class<?> raw) || !raw.isRecord()) {
      return expected(inner);
    }
    List<String> keys =
        Arrays.stream(raw.getRecordComponents()).map(RecordComponent::getName).toList();
    return "a mapping of " + String.join(", ", keys);
  }

  static IllegalStateException unsupported(Type type, String path) {
    return new IllegalStateException(
        "settings key " + path + ": components of type " + type + " cannot be bound");
  }
}
