package io.noesis.tensor;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.AtomicFile;
import io.noesis.run.Check;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects named arrays and texts and writes them as a {@code .safetensors} file. Arrays lie in the
 * order of the reference implementation (wide types first, then by name) and texts by key, so the
 * same content always gives the same bytes. Not thread-safe.
 */
public final class SafetensorsWriter {
  private final Map<String, Part> parts = new TreeMap<>();
  private final Map<String, String> metadata = new TreeMap<>();

  private interface Values {
    void writeTo(OutputStream out) throws IOException;
  }

  private record Part(String name, String dtype, int width, Shape shape, Values values) {}

  /** Adds an array as F32; the tensor is not copied. */
  public SafetensorsWriter add(String name, Tensor tensor) {
    return add(
        new Part(name, "F32", 4, tensor.shape(), out -> Npy.writeValues(out, tensor.array())));
  }

  /** Adds an array as F64; it is not copied. */
  public SafetensorsWriter add(String name, DoubleArray array) {
    return add(new Part(name, "F64", 8, array.shape(), out -> Npy.writeValues(out, array.array())));
  }

  /** Adds an array as I64; it is not copied. */
  public SafetensorsWriter add(String name, LongArray array) {
    return add(new Part(name, "I64", 8, array.shape(), out -> Npy.writeValues(out, array.array())));
  }

  /** Adds a text beside the arrays; a later text of the same key replaces it. */
  public SafetensorsWriter metadata(String key, String text) {
    metadata.put(key, text);
    return this;
  }

  /** Adds texts beside the arrays. */
  public SafetensorsWriter metadata(Map<String, String> texts) {
    metadata.putAll(texts);
    return this;
  }

  private SafetensorsWriter add(Part part) {
    Check.argument(
        !part.name().equals("__metadata__") && !parts.containsKey(part.name()),
        "a safetensors file cannot hold another array named '%s'",
        part.name());
    parts.put(part.name(), part);
    return this;
  }

  /**
   * Writes the file whole or not at all.
   *
   * @param file the file; replaced when it exists
   */
  public void write(Path file) {
    List<Part> ordered = new ArrayList<>(parts.values());
    ordered.sort(Comparator.comparing(Part::width).reversed().thenComparing(Part::name));
    byte[] header = header(ordered);
    AtomicFile.write(
        file,
        out -> {
          out.write(
              ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
          out.write(header);
          for (Part part : ordered) {
            part.values().writeTo(out);
          }
        });
  }

  private byte[] header(List<Part> ordered) {
    ObjectNode root = new JsonMapper().createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = root.putObject("__metadata__");
      metadata.forEach(texts::put);
    }
    long at = 0;
    for (Part part : ordered) {
      ObjectNode node = root.putObject(part.name()).put("dtype", part.dtype());
      ArrayNode shape = node.putArray("shape");
      for (int size : part.shape().toArray()) {
        shape.add(size);
      }
      long end = at + (long) part.width() * part.shape().size();
      node.putArray("data_offsets").add(at).add(end);
      at = end;
    }
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[(json.length + 7) / 8 * 8];
    java.util.Arrays.fill(padded, (byte) ' ');
    System.arraycopy(json, 0, padded, 0, json.length);
    return padded;
  }
}
