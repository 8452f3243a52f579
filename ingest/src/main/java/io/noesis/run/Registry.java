package io.noesis.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A literal list of named entries of one extension kind (formats, metrics, audits, ...). It feeds
 * recipe parsing, {@code noesis describe}, "did you mean", and the contract tests, so that a new
 * entry is tested from the moment its line exists. Immutable; iteration is in the order of the
 * list.
 *
 * @param <T> what an entry holds
 */
public final class Registry<T> {
  private final String kind;
  private final Map<String, Entry<T>> entries;

  /**
   * One line of a registry.
   *
   * @param name the name used in recipes and on the command line
   * @param value the entry itself
   * @param description one sentence for {@code describe}
   * @param <T> what an entry holds
   */
  public record Entry<T>(String name, T value, String description) {}

  private Registry(String kind, Map<String, Entry<T>> entries) {
    this.kind = kind;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * Makes a registry; two entries of one name are a programming error.
   *
   * @param kind what the entries are, in the singular: "metric"
   * @param list the entries in the order to show them
   * @param <T> what an entry holds
   * @return the registry
   */
  public static <T> Registry<T> of(String kind, List<Entry<T>> list) {
    Map<String, Entry<T>> map = new LinkedHashMap<>();
    for (Entry<T> entry : list) {
      Entry<T> earlier = map.put(entry.name(), entry);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "registry of "
                + kind
                + ": the name '"
                + entry.name()
                + "' is used by "
                + earlier.value()
                + " and by "
                + entry.value());
      }
    }
    return new Registry<>(kind, map);
  }

  /** What the entries are, in the singular. */
  public String kind() {
    return kind;
  }

  /** All names, in the order of the list. */
  public Set<String> names() {
    return entries.keySet();
  }

  /** All entries, in the order of the list. */
  public List<Entry<T>> entries() {
    return List.copyOf(entries.values());
  }

  /**
   * Looks a name up.
   *
   * @param name the name as the user wrote it
   * @return the entry's value
   * @throws RecipeException when there is no such name; the message lists the known ones
   */
  public T get(String name) {
    Entry<T> entry = entries.get(name);
    if (entry == null) {
      throw new RecipeException(
          "unknown " + kind + " '" + name + "'. " + Suggest.sentence(name, entries.keySet()));
    }
    return entry.value();
  }
}
