package io.noesis.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.noesis.run.CorruptDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the header of a {@code .safetensors} file: eight bytes of length, then JSON with
 * the type, shape and place of every array. The places must cover the rest of the file without gaps
 * or overlaps, as the format demands.
 */
final class SafetensorsHeader {
  /** The limit of the reference implementation. */
  private static final long LONGEST = 100_000_000;

  private static final String METADATA = "__metadata__";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Bits of an element; of those that are not read here too, so that their places are checked. */
  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("BOOL", 8),
          Map.entry("U8", 8),
          Map.entry("I8", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("F8_E4M3FNUZ", 8),
          Map.entry("F8_E5M2FNUZ", 8),
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("I16", 16),
          Map.entry("U16", 16),
          Map.entry("F16", 16),
          Map.entry("BF16", 16),
          Map.entry("I32", 32),
          Map.entry("U32", 32),
          Map.entry("F32", 32),
          Map.entry("I64", 64),
          Map.entry("U64", 64),
          Map.entry("F64", 64),
          Map.entry("C64", 64));

  private final Source source;
  private final Map<String, SafetensorsEntry> entries = new TreeMap<>();
  private final Map<String, String> metadata = new TreeMap<>();

  private SafetensorsHeader(Source source) {
    this.source = source;
  }

  static SafetensorsHeader read(Source source) {
    ByteBuffer field = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    source.read(0, field, "safetensors header length");
    long length = field.getLong(0);
    SafetensorsHeader header = new SafetensorsHeader(source);
    if (length < 2 || length > LONGEST || length > source.size() - 8) {
      throw header.bad(
          "it claims a header of "
              + Long.toUnsignedString(length)
              + " bytes in a file of "
              + source.size(),
          null);
    }
    ByteBuffer text = ByteBuffer.allocate((int) length);
    source.read(8, text, "safetensors header");
    if (text.get(0) != '{') {
      throw header.bad("its header does not begin with '{'", null);
    }
    try {
      String json = StandardCharsets.UTF_8.newDecoder().decode(text.flip()).toString();
      header.parse(JSON.readTree(json), 8 + length);
    } catch (CharacterCodingException e) {
      throw header.bad("its header is not in UTF-8", e);
    } catch (JsonProcessingException e) {
      throw header.bad("its header is no JSON: " + e.getOriginalMessage(), e);
    }
    header.requireCovered(8 + length);
    return header;
  }

  Map<String, SafetensorsEntry> entries() {
    return entries;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private void parse(JsonNode root, long dataStart) {
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        for (Map.Entry<String, JsonNode> item : field.getValue().properties()) {
          if (!item.getValue().isTextual()) {
            throw bad("its metadata '" + item.getKey() + "' is not a text", null);
          }
          metadata.put(item.getKey(), item.getValue().textValue());
        }
      } else {
        entries.put(field.getKey(), entry(field.getKey(), field.getValue(), dataStart));
      }
    }
  }

  private SafetensorsEntry entry(String name, JsonNode node, long dataStart) {
    String dtype = node.path("dtype").asText("");
    Integer bits = BITS.get(dtype);
    if (bits == null) {
      throw bad("array '" + name + "' has the unknown type '" + dtype + "'", null);
    }
    List<Long> shape = wholeNumbers(name, "shape", node.path("shape"));
    List<Long> offsets = wholeNumbers(name, "data_offsets", node.path("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw bad("array '" + name + "' has the places " + offsets, null);
    }
    long bytes = offsets.get(1) - offsets.get(0);
    if (offsets.get(1) > source.size() - dataStart) {
      throw bad(
          "array '"
              + name
              + "' ends at byte "
              + (dataStart + offsets.get(1))
              + " of a file of "
              + source.size(),
          null);
    }
    long neededBits;
    try {
      neededBits = shape.stream().reduce(bits.longValue(), Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw bad("array '" + name + "' has the impossible shape " + shape, e);
    }
    if (neededBits != 8 * bytes) {
      throw bad(
          "array '"
              + name
              + "' of shape "
              + shape
              + " in "
              + dtype
              + " needs "
              + neededBits
              + " bits, found 8 x "
              + bytes,
          null);
    }
    return new SafetensorsEntry(dtype, shape, dataStart + offsets.get(0), bytes);
  }

  private List<Long> wholeNumbers(String name, String key, JsonNode node) {
    if (!node.isArray() || node.size() > 64) {
      throw bad("array '" + name + "' has no list '" + key + "'", null);
    }
    List<Long> out = new ArrayList<>();
    for (JsonNode item : node) {
      if (!item.isIntegralNumber() || !item.canConvertToLong() || item.longValue() < 0) {
        throw bad("array '" + name + "' has " + item + " in '" + key + "'", null);
      }
      out.add(item.longValue());
    }
    return out;
  }

  private void requireCovered(long dataStart) {
    long at = dataStart;
    List<SafetensorsEntry> ordered = new ArrayList<>(entries.values());
    ordered.sort(
        Comparator.comparingLong(SafetensorsEntry::position)
            .thenComparingLong(SafetensorsEntry::bytes));
    for (SafetensorsEntry entry : ordered) {
      if (entry.position() != at) {
        throw bad(
            "its arrays "
                + (entry.position() > at ? "leave a gap" : "overlap")
                + " at byte "
                + Math.min(at, entry.position()),
            null);
      }
      at += entry.bytes();
    }
    if (at != source.size()) {
      throw bad("its arrays end at byte " + at + " of a file of " + source.size(), null);
    }
  }

  private CorruptDataException bad(String found, @Nullable Throwable cause) {
    String message =
        "reading "
            + source.name()
            + " (safetensors): "
            + found
            + ". It is truncated, damaged or of another format: copy or make it again.";
    return cause == null
        ? new CorruptDataException(message)
        : new CorruptDataException(message, cause);
  }
}
