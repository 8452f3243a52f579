package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.ForeignWeights;
import io.noesis.run.CorruptDataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.YamlTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A network that another program trained, as an ONNX graph that {@code noesis encode --onnx} runs.
 *
 * @param settings of the architecture; missing ones take its defaults
 * @param response axes of one response: {@code [voxels]} or {@code [channels, samples]}
 * @param target axes of one embedding
 * @param subjects labels of those it was trained on, in the order of their numbers
 * @param positions of sensors or voxels, two or three coordinates each, for networks that go by
 *     them
 */
public record ForeignImport(
    JsonNode settings,
    List<Integer> response,
    List<Integer> target,
    List<String> subjects,
    List<List<Double>> positions) {
  /** Copies. */
  public ForeignImport {
    response = List.copyOf(response);
    target = List.copyOf(target);
    subjects = List.copyOf(subjects);
    positions = positions.stream().map(List::copyOf).toList();
  }

  /** One subject, no settings of its own; response and target are to be given. */
  public static ForeignImport defaults() {
    return new ForeignImport(
        JsonNodeFactory.instance.objectNode(), List.of(), List.of(), List.of("1"), List.of());
  }

  /**
   * Reads what a network looks like.
   *
   * @param file YAML with the keys of this record
   * @throws RecipeException when keys are unknown or missing
   */
  public static ForeignImport read(Path file) {
    ForeignImport found =
        RecordBinder.bind(YamlTree.read(file), ForeignImport.class, "network " + file);
    if (found.response.isEmpty() || found.target.isEmpty() || found.subjects.isEmpty()) {
      throw new RecipeException(
          "network "
              + file
              + ": expected 'response', 'target' and 'subjects', for example response: [15724],"
              + " target: [257, 768], subjects: [\"1\"]; found "
              + found.response
              + ", "
              + found.target
              + " and "
              + found.subjects
              + ".");
    }
    if (Stream.of(found.response, found.target).flatMap(List::stream).anyMatch(size -> size < 1)) {
      throw new RecipeException(
          "network "
              + file
              + ": expected sizes of at least 1, found response "
              + found.response
              + " and target "
              + found.target
              + ".");
    }
    return found;
  }

  private NetworkSizes sizes() {
    return new NetworkSizes(
        response,
        subjects,
        subjects.stream().map(subject -> response.get(0)).toList(),
        positions,
        target);
  }

  /**
   * Writes the graph.
   *
   * @param program a name of {@link ForeignWeights#registry}
   * @param weights a {@code .safetensors} file with its names
   * @param out ends in {@code .onnx}; must not be there
   * @return what was written, in words
   * @throws RecipeException when the program is unknown, or the graph is there already
   * @throws ModelException when the file is damaged, or an array missing, unknown, or of another
   *     size
   */
  public String write(String program, Path weights, Path out) {
    ForeignWeights map = ForeignWeights.registry().get(program);
    if (!out.toString().endsWith(".onnx") || Files.exists(out)) {
      throw new RecipeException(
          "importing "
              + weights
              + ": expected a new file that ends in .onnx, found "
              + out
              + (Files.exists(out) ? ", which is there already. Choose another name." : "."));
    }
    BrainEncoder encoder;
    try {
      encoder = map.read(weights, settings, sizes());
    } catch (IllegalArgumentException e) {
      throw new RecipeException("importing " + weights + ": " + e.getMessage() + ".", e);
    } catch (CorruptDataException e) {
      throw new ModelException("importing weights: " + e.getMessage(), e);
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("program", program);
    metadata.put("weights SHA-256", Fingerprint.ofFile(weights));
    encoder.export(out, metadata);
    return "a graph of " + map.architecture() + " from " + response + " to " + target;
  }
}
