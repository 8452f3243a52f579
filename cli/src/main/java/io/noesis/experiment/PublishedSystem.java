package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.run.RecordBinder;
import io.noesis.run.YamlTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A published system: what here expresses it, and what of it does not stand here. Read from {@code
 * systems.yaml}.
 *
 * @param title of the system, with its authors and year
 * @param source its DOI or arXiv number
 * @param recipes that have its parts at a small size
 * @param architectures its networks
 * @param programs names of its public weights that are taken over
 * @param profiles how it runs its generators
 * @param how the parts come together
 * @param missing what cannot be said; empty for nothing that is known
 */
record PublishedSystem(
    String title,
    String source,
    List<String> recipes,
    List<String> architectures,
    List<String> programs,
    List<String> profiles,
    String how,
    String missing) {
  private static final String FILE = "/io/noesis/systems.yaml";

  PublishedSystem {
    recipes = List.copyOf(recipes);
    architectures = List.copyOf(architectures);
    programs = List.copyOf(programs);
    profiles = List.copyOf(profiles);
  }

  /** All of them by name. */
  static Map<String, PublishedSystem> all() {
    String text;
    try (InputStream in =
        Objects.requireNonNull(PublishedSystem.class.getResourceAsStream(FILE), FILE)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + FILE, e);
    }
    Map<String, PublishedSystem> systems = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : YamlTree.parse(text, FILE).properties()) {
      systems.put(
          entry.getKey(),
          RecordBinder.bind(entry.getValue(), PublishedSystem.class, entry.getKey()));
    }
    return systems;
  }

  /** Names with a sentence each. */
  static Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    all().forEach((name, system) -> titles.put(name, system.title + "."));
    return titles;
  }

  /** One of them for readers. */
  static String describe(String name) {
    PublishedSystem system = Objects.requireNonNull(all().get(name), name);
    StringBuilder text = new StringBuilder(system.how).append("\n\npublished: ");
    text.append(system.source);
    list(text, "recipes", "noesis describe recipes NAME", system.recipes);
    list(text, "architectures", "noesis describe architectures NAME", system.architectures);
    list(text, "weights", "noesis describe programs NAME", system.programs);
    list(text, "generator", "noesis describe profiles NAME", system.profiles);
    if (!system.missing.isEmpty()) {
      text.append("\nnot here: ").append(system.missing);
    }
    return text.toString();
  }

  private static void list(StringBuilder text, String what, String more, List<String> names) {
    if (!names.isEmpty()) {
      text.append('\n').append(what).append(": ").append(String.join(", ", names));
      text.append(" (").append(more).append(')');
    }
  }
}
