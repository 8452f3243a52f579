package io.noesis.ingest.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import io.noesis.run.RecordBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Names and text files of a BIDS folder. Line ends are those of Unix everywhere. */
final class Bids {
  static final String TASK = "pictures";
  static final String VERSION = "1.10.0";
  static final String TRAIN = "train";
  static final String TEST = "test";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Bids() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static void json(Path file, JsonNode tree) {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    ObjectWriter writer = MAPPER.writer(printer);
    try {
      text(file, writer.writeValueAsString(tree) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  /** Writes a table: every row, the first one too, is a line of cells between tabs. */
  static void table(Path file, List<List<String>> rows) {
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      out.append(String.join("\t", row)).append('\n');
    }
    text(file, out.toString());
  }

  static void text(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  static OutputException unwritable(Path file, IOException e) {
    return new OutputException(
        "writing the simulated study's "
            + file
            + ": "
            + Failure.reason(e)
            + ". Nothing was left half-written; choose a folder you may write to with enough free"
            + " space.",
        e);
  }

  static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.7g", value);
  }

  /** Whether a folder's description says that this program simulated it. */
  static boolean isOurs(Path folder) {
    Path description = folder.resolve("dataset_description.json");
    try {
      JsonNode tree = MAPPER.readTree(Files.readAllBytes(description));
      return tree.path("Simulated").asBoolean()
          && tree.path("GeneratedBy").path(0).path("Name").asText().equals("noesis");
    } catch (IOException e) {
      // Not there or not JSON: in both cases not a folder that may be replaced.
      return false;
    }
  }

  /**
   * A study's plan; a linear code, voxels of their own preferences and pictures that stand still go
   * without saying, as they did before there was anything else.
   */
  static JsonNode plan(SimulationSpec spec) {
    JsonNode plan = RecordBinder.tree(spec);
    if (plan.get("signal") instanceof ObjectNode signal) {
      if (spec.signal().code() == StimulusCode.LINEAR) {
        signal.remove("code");
      }
      if (spec.signal().smoothMm() == 0) {
        signal.remove("smoothMm");
      }
    }
    if (spec.motion() == 0 && plan instanceof ObjectNode whole) {
      whole.remove("motion");
    }
    return plan;
  }
}
