package io.noesis.ingest.format.bids;

import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A BIDS file name taken apart: {@code sub-01_task-rest_bold.nii.gz} is the entities sub = 01 and
 * task = rest, the suffix {@code bold} and the extension {@code .nii.gz} (BIDS 1.10, "Filenames").
 *
 * @param entities by key in the order of the name
 * @param suffix the part after the last underscore
 * @param extension with its dot; empty for a folder
 */
public record BidsName(Map<String, String> entities, String suffix, String extension) {
  /** The order in which BIDS wants the entities of a name. */
  private static final List<String> ORDER =
      List.of(
          "sub",
          "ses",
          "sample",
          "task",
          "tracksys",
          "acq",
          "ce",
          "trc",
          "stain",
          "rec",
          "dir",
          "run",
          "mod",
          "echo",
          "flip",
          "inv",
          "mt",
          "part",
          "proc",
          "hemi",
          "space",
          "split",
          "recording",
          "chunk",
          "seg",
          "res",
          "den",
          "label",
          "desc");

  private static final Pattern ENTITY = Pattern.compile("[a-zA-Z]+-[a-zA-Z0-9+]+");
  private static final Pattern SUFFIX = Pattern.compile("[a-zA-Z0-9]+");

  /** Checks the parts and copies the entities in their order. */
  public BidsName {
    entities = Collections.unmodifiableMap(new LinkedHashMap<>(entities));
    entities.forEach(
        (key, value) ->
            Check.argument(
                ENTITY.matcher(key + "-" + value).matches(),
                "a BIDS entity is letters, a dash, letters and digits; found '%s-%s'",
                key,
                value));
    Check.argument(
        SUFFIX.matcher(suffix).matches(),
        "a BIDS suffix is letters and digits, found '%s'",
        suffix);
  }

  /**
   * Takes a name apart.
   *
   * @param file only its last part is looked at
   * @return the parts, or nothing when the name does not follow BIDS
   */
  public static Optional<BidsName> parse(Path file) {
    Path last = file.getFileName();
    return last == null ? Optional.empty() : parse(last.toString());
  }

  /**
   * Takes a name apart.
   *
   * @param name without folders
   * @return the parts, or nothing when the name does not follow BIDS
   */
  public static Optional<BidsName> parse(String name) {
    int dot = name.indexOf('.');
    String stem = dot < 0 ? name : name.substring(0, dot);
    String[] parts = stem.split("_", -1);
    Map<String, String> entities = new LinkedHashMap<>();
    for (int i = 0; i < parts.length - 1; i++) {
      if (!ENTITY.matcher(parts[i]).matches()) {
        return Optional.empty();
      }
      int dash = parts[i].indexOf('-');
      if (entities.put(parts[i].substring(0, dash), parts[i].substring(dash + 1)) != null) {
        return Optional.empty();
      }
    }
    String suffix = parts[parts.length - 1];
    return SUFFIX.matcher(suffix).matches()
        ? Optional.of(new BidsName(entities, suffix, dot < 0 ? "" : name.substring(dot)))
        : Optional.empty();
  }

  /**
   * The value of an entity.
   *
   * @param key for example {@code run}
   * @return its label, empty when the name has none
   */
  public String entity(String key) {
    return entities.getOrDefault(key, "");
  }

  /**
   * The same name with an entity set.
   *
   * @param key for example {@code desc}
   * @param value its label; empty takes the entity away
   * @return a new name
   */
  public BidsName with(String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(entities);
    if (value.isEmpty()) {
      changed.remove(key);
    } else {
      changed.put(key, value);
    }
    return new BidsName(changed, suffix, extension);
  }

  /**
   * The same entities for another kind of file.
   *
   * @param newSuffix for example {@code events}
   * @param newExtension for example {@code .tsv}
   * @return a new name
   */
  public BidsName as(String newSuffix, String newExtension) {
    return new BidsName(entities, newSuffix, newExtension);
  }

  /** Whether every entity of this name stands in the other with the same label. */
  public boolean appliesTo(BidsName other) {
    return other.entities.entrySet().containsAll(entities.entrySet());
  }

  /** The file name, entities in the order BIDS wants; unknown ones before {@code desc}. */
  public String fileName() {
    StringBuilder text = new StringBuilder();
    entities.entrySet().stream()
        .sorted(Comparator.comparingInt(e -> rank(e.getKey())))
        .forEach(e -> text.append(e.getKey()).append('-').append(e.getValue()).append('_'));
    return text.append(suffix).append(extension).toString();
  }

  private static int rank(String key) {
    int at = ORDER.indexOf(key);
    return at >= 0 ? at : ORDER.indexOf("desc") - 1;
  }

  @Override
  public String toString() {
    return fileName();
  }
}
