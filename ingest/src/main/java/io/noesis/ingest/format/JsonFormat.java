package io.noesis.ingest.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** JSON by its first character. */
final class JsonFormat implements Format {
  private static final long MAX_BYTES = 64L << 20;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Override
  public boolean recognises(Probe probe) {
    String start = probe.firstWord();
    return probe.text()
        && (start.startsWith("{") || (start.startsWith("[") && probe.named(".json")));
  }

  @Override
  public Summary describe(Path path) {
    JsonNode tree = read(path);
    Summary.Builder summary = new Summary.Builder(path, "json");
    if (tree.isObject()) {
      for (Map.Entry<String, JsonNode> field : tree.properties()) {
        JsonNode value = field.getValue();
        summary.add(
            field.getKey(),
            value.isContainerNode() ? value.size() + " entries" : shortened(value.asText()));
      }
    } else {
      summary.add("entries", tree.size());
    }
    return summary.build();
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() > 120 ? line.substring(0, 117) + "..." : line;
  }

  private static JsonNode read(Path path) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new DataException(
            "reading " + path + ": JSON of more than " + MAX_BYTES + " bytes is not read whole.");
      }
      return JSON.readTree(Files.readAllBytes(path));
    } catch (JsonProcessingException e) {
      throw new CorruptDataException(
          "reading " + path + ": it is not JSON: " + e.getOriginalMessage() + ".", e);
    } catch (IOException e) {
      throw new DataException("reading " + path + ": " + Failure.reason(e) + ".", e);
    }
  }
}
