package io.noesis.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Binds a settings tree to a record: key = component name, unknown keys are errors, and all
 * problems are reported at once, each with its key path and the nearest known name.
 *
 * <p>Components may be {@code int, long, double, boolean}, {@code String}, {@code Path}, an enum
 * (any case, {@code -} for {@code _}), a record, {@code JsonNode} (kept as it is, to be bound
 * later), or {@code Optional<T>}, {@code List<T>}, {@code Map<String, T>} of these. A missing key
 * takes its value from the record's {@code static R defaults()}; without that method an Optional,
 * List or Map is empty and anything else is reported as missing. A record with {@code static String
 * shortForm()} may also be given as a text, which then stands for the key of that name. A compact
 * constructor that refuses a value ({@link IllegalArgumentException} or {@link RecipeException}) is
 * one more problem.
 */
public final class RecordBinder {
  private final List<String> problems = new ArrayList<>();

  private RecordBinder() {}

  /**
   * Binds a tree.
   *
   * @param tree the settings; not modified
   * @param type the record to make
   * @param where what is being read, for the message: {@code "recipe demo.yaml"}
   * @param <R> the record
   * @return the record
   * @throws RecipeException that lists every problem
   */
  public static <R extends Record> R bind(JsonNode tree, Class<R> type, String where) {
    RecordBinder binder = new RecordBinder();
    Object bound = binder.record(tree, type, "", null);
    if (!binder.problems.isEmpty() || bound == null) {
      int n = binder.problems.size();
      throw new RecipeException(
          where
              + ": "
              + n
              + (n == 1 ? " problem" : " problems")
              + "\n  "
              + String.join("\n  ", binder.problems));
    }
    return type.cast(bound);
  }

  /**
   * Binds a tree.
   *
   * @param tree the settings; not modified
   * @param type the record to make
   * @param <R> the record
   * @return the record
   * @throws RecipeException that lists every problem
   */
  public static <R extends Record> R bind(JsonNode tree, Class<R> type) {
    return bind(tree, type, "settings");
  }

  /**
   * The tree that binds to an equal record, with every default written out.
   *
   * @param value a record of the kinds of component above
   * @return a new tree
   */
  public static ObjectNode tree(Record value) {
    return RecordTree.of(value);
  }

  /**
   * The settings of a record type with their defaults, for people to read.
   *
   * @param type a record type
   * @return the tree of its defaults; empty when it declares none
   */
  public static ObjectNode defaults(Class<? extends Record> type) {
    return RecordShape.defaultsOf(type) instanceof Record value
        ? tree(value)
        : YamlTree.emptyMapping();
  }

  /**
   * The keys of a record type that are absent unless they are given, with what they take, for
   * people to read.
   *
   * @param type a record type
   * @return words by key, in the order of the record
   */
  public static Map<String, String> absent(Class<? extends Record> type) {
    return RecordShape.absent(type);
  }

  /**
   * The keys of a record type, and of the records within, that take one of several names, for
   * people to read.
   *
   * @param type a record type
   * @return words by path such as {@code optimizer.rule}, in the order of the records
   */
  public static Map<String, String> choices(Class<? extends Record> type) {
    return RecordShape.choices(type);
  }

  private @Nullable Object record(
      JsonNode given, Class<?> type, String path, @Nullable Object base) {
    JsonNode node = RecordShape.written(given, type);
    if (!node.isObject()) {
      return wrong(path, "a mapping", node);
    }
    Object defaults = base == null ? RecordShape.defaultsOf(type) : base;
    RecordComponent[] components = type.getRecordComponents();
    reportUnknownKeys(node, components, path);
    int before = problems.size();
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      arguments[i] = component(node, components[i], path, defaults);
    }
    return problems.size() == before ? make(type, types, arguments, path) : null;
  }

  private void reportUnknownKeys(JsonNode node, RecordComponent[] components, String path) {
    List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                String hint =
                    Suggest.nearest(key, known)
                        .map(n -> "did you mean '" + n + "'?")
                        .orElse("known here: " + String.join(", ", known));
                problems.add(join(path, key) + ": unknown key; " + hint);
              }
            });
  }

  private @Nullable Object component(
      JsonNode node, RecordComponent component, String path, @Nullable Object defaults) {
    String here = join(path, component.getName());
    JsonNode value = node.get(component.getName());
    Object fallback = defaults == null ? null : RecordShape.read(component, defaults);
    if (value != null && !value.isNull()) {
      return value(value, component.getGenericType(), here, fallback);
    }
    if (fallback != null) {
      return fallback;
    }
    Object empty = RecordShape.emptyOf(component.getType());
    if (empty == null) {
      problems.add(
          here + ": missing; it needs " + RecordShape.expected(component.getGenericType()));
    }
    return empty;
  }

  private @Nullable Object value(JsonNode node, Type type, String path, @Nullable Object base) {
    if (type instanceof ParameterizedType generic) {
      return generic(node, generic, path);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isRecord()) {
      return record(node, raw, path, base);
    }
    if (raw.isEnum()) {
      return enumValue(node, raw, path);
    }
    if (raw == JsonNode.class) {
      return node;
    }
    if (raw == OptionalInt.class || raw == OptionalLong.class || raw == OptionalDouble.class) {
      return optionalNumber(node, raw, path);
    }
    return scalar(node, raw, path);
  }

  private @Nullable Object generic(JsonNode node, ParameterizedType type, String path) {
    Type[] arguments = type.getActualTypeArguments();
    Class<?> raw = (Class<?>) type.getRawType();
    if (raw == Optional.class) {
      return Optional.ofNullable(value(node, arguments[0], path, null));
    }
    if (raw == List.class) {
      if (!node.isArray()) {
        return wrong(path, "a list", node);
      }
      List<Object> out = new ArrayList<>();
      for (int i = 0; i < node.size(); i++) {
        Object item = value(node.get(i), arguments[0], path + "[" + i + "]", null);
        if (item != null) {
          out.add(item);
        }
      }
      return List.copyOf(out);
    }
    if (raw == Map.class) {
      return map(node, arguments[1], path);
    }
    throw RecordShape.unsupported(type, path);
  }

  private @Nullable Object map(JsonNode node, Type valueType, String path) {
    if (!node.isObject()) {
      return wrong(path, "a mapping", node);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      Object item = value(field.getValue(), valueType, join(path, field.getKey()), null);
      if (item != null) {
        out.put(field.getKey(), item);
      }
    }
    return Collections.unmodifiableMap(out);
  }

  private @Nullable Object enumValue(JsonNode node, Class<?> type, String path) {
    Map<String, Object> known = new TreeMap<>();
    for (Object constant : type.getEnumConstants()) {
      known.put(RecordShape.nameOf((Enum<?>) constant), constant);
    }
    Object found =
        node.isTextual()
            ? known.get(node.asText().toLowerCase(Locale.ROOT).replace('_', '-'))
            : null;
    if (found == null) {
      problems.add(
          path
              + ": expected one of its names, found "
              + RecordShape.kindOf(node)
              + ". "
              + Suggest.sentence(node.asText(), known.keySet()));
    }
    return found;
  }

  private @Nullable Object optionalNumber(JsonNode node, Class<?> raw, String path) {
    Class<?> inner =
        raw == OptionalInt.class
            ? int.class
            : raw == OptionalLong.class ? long.class : double.class;
    Object number = scalar(node, inner, path);
    if (number instanceof Integer i) {
      return OptionalInt.of(i);
    }
    if (number instanceof Long l) {
      return OptionalLong.of(l);
    }
    return number instanceof Double d ? OptionalDouble.of(d) : null;
  }

  private @Nullable Object scalar(JsonNode node, Class<?> raw, String path) {
    if (raw == String.class || raw == Path.class) {
      if (!node.isTextual()) {
        String hint = node.isValueNode() ? " (put it in quotes: \"" + node.asText() + "\")" : "";
        return wrong(path, RecordShape.expected(raw) + hint, node);
      }
      return raw == Path.class ? path(node, path) : node.asText();
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return node.isBoolean()
          ? (Object) node.booleanValue()
          : wrong(path, RecordShape.expected(raw), node);
    }
    if (raw == int.class || raw == Integer.class) {
      return node.isIntegralNumber() && node.canConvertToInt()
          ? (Object) node.intValue()
          : wrong(path, RecordShape.expected(raw), node);
    }
    if (raw == long.class || raw == Long.class) {
      return node.isIntegralNumber() && node.canConvertToLong()
          ? (Object) node.longValue()
          : wrong(path, RecordShape.expected(raw), node);
    }
    if (raw == double.class || raw == Double.class) {
      return node.isNumber()
          ? (Object) node.doubleValue()
          : wrong(path, RecordShape.expected(raw), node);
    }
    throw RecordShape.unsupported(raw, path);
  }

  private @Nullable Object path(JsonNode node, String path) {
    try {
      return Path.of(node.asText());
    } catch (java.nio.file.InvalidPathException e) {
      return wrong(path, "a path", node);
    }
  }

  private @Nullable Object make(Class<?> type, Class<?>[] types, Object[] arguments, String path) {
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IllegalArgumentException || cause instanceof NoesisException) {
        problems.add((path.isEmpty() ? "" : path + ": ") + cause.getMessage());
        return null;
      }
      throw new IllegalStateException("making a " + type.getName(), cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("making a " + type.getName(), e);
    }
  }

  private @Nullable Object wrong(String path, String expected, JsonNode node) {
    problems.add(
        (path.isEmpty() ? "the top" : path)
            + ": expected "
            + expected
            + ", found "
            + RecordShape.kindOf(node));
    return null;
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
