package io.noesis.run;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads YAML (and with it JSON) into a tree, strictly: one document, no duplicate keys, no aliases.
 * {@link RecordBinder} turns the tree into records.
 */
public final class YamlTree {
  /** Settings are written by people; anything longer is some other file. */
  private static final long MAX_BYTES = 4L << 20;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              YAMLFactory.builder()
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private YamlTree() {}

  /**
   * Reads a file.
   *
   * @param file a YAML or JSON file of at most 4 MiB with a mapping at its top
   * @return the tree, owned by the caller
   * @throws RecipeException when it cannot be read or is not YAML; names line and column
   */
  public static ObjectNode read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new RecipeException(
            "reading "
                + file
                + ": it is "
                + size
                + " bytes; a settings file has at most "
                + MAX_BYTES
                + ". Check that this is the file you meant.");
      }
      return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    } catch (IOException e) {
      throw new RecipeException(
          "reading " + file + ": " + Failure.reason(e) + ". Expected a YAML file in UTF-8.", e);
    }
  }

  /**
   * Parses a text.
   *
   * @param text YAML or JSON with a mapping at its top; an empty text is an empty mapping
   * @param where what the text is, for messages: a file name
   * @return the tree, owned by the caller
   * @throws RecipeException when it is not YAML; names line and column
   */
  public static ObjectNode parse(String text, String where) {
    JsonNode tree = value(text, where);
    if (tree.isMissingNode() || tree.isNull()) {
      return MAPPER.createObjectNode();
    }
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw new RecipeException(
        "reading "
            + where
            + ": the top is "
            + RecordShape.kindOf(tree)
            + "; expected a mapping (lines of 'key: value').");
  }

  /**
   * Sets one key, making the mappings on its way: {@code set(tree, "encoder.penalties=[1, 10]")}.
   *
   * @param tree changed in place
   * @param assignment {@code path.to.key=value}, the value in YAML
   * @throws RecipeException when there is no {@code =}, or the path runs through a plain value
   */
  public static void set(ObjectNode tree, String assignment) {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      throw new RecipeException(
          "reading the setting '"
              + assignment
              + "': expected KEY=VALUE, for example encoder.penalties=[1, 10].");
    }
    String path = assignment.substring(0, equals).strip();
    JsonNode value = value(assignment.substring(equals + 1), "the setting '" + assignment + "'");
    String[] keys = path.split("\\.", -1);
    ObjectNode at = tree;
    List<String> done = new ArrayList<>();
    for (int i = 0; i < keys.length - 1; i++) {
      done.add(keys[i]);
      JsonNode next = at.get(keys[i]);
      if (next == null || next.isNull()) {
        at = at.putObject(keys[i]);
      } else if (next instanceof ObjectNode object) {
        at = object;
      } else {
        throw new RecipeException(
            "reading the setting '"
                + assignment
                + "': "
                + String.join(".", done)
                + " is "
                + RecordShape.kindOf(next)
                + ", so it has no key below it.");
      }
    }
    at.set(keys[keys.length - 1], value.isMissingNode() ? MAPPER.nullNode() : value);
  }

  /**
   * Writes a tree as YAML; {@link #parse} reads back an equal tree.
   *
   * @param tree the tree; not modified
   * @return YAML, ending in a line break
   */
  public static String write(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  /** A new mapping without keys. */
  public static ObjectNode emptyMapping() {
    return MAPPER.createObjectNode();
  }

  private static JsonNode value(String text, String where) {
    try {
      refuseAliases(text, where);
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new RecipeException(
          "reading " + where + place(e.getLocation()) + ": " + e.getOriginalMessage(), e);
    } catch (IOException | RuntimeException e) {
      if (e instanceof RecipeException known) {
        throw known;
      }
      // SnakeYAML reports some malformed texts by unchecked exceptions of its own.
      throw new RecipeException("reading " + where + ": it is not YAML: " + e.getMessage(), e);
    }
  }

  /** Aliases would be read as plain text by a tree reader: refused rather than misread. */
  private static void refuseAliases(String text, String where) throws IOException {
    try (JsonParser parser = MAPPER.createParser(text)) {
      while (parser.nextToken() != null) {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
          throw new RecipeException(
              "reading "
                  + where
                  + place(parser.currentTokenLocation())
                  + ": the alias '*"
                  + parser.getText()
                  + "' is not supported; write the value out where it is needed.");
        }
      }
    }
  }

  private static String place(JsonLocation location) {
    return location == null
        ? ""
        : ", line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
