package io.noesis.encoders.architecture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.run.CorruptDataException;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A network's weights as {@code .safetensors}: one float32 array per parameter under its own name;
 * in the metadata the architecture, its settings, and the sizes of what goes in and comes out.
 */
final class NetworkFile {
  private static final String FORMAT = "noesis-network-2";
  private static final ObjectMapper JSON = new ObjectMapper();

  private NetworkFile() {}

  /** Where the graph of the same network lies. */
  static Path graphBeside(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".onnx");
  }

  static void write(
      Path file,
      NetworkShape shape,
      Map<String, Tensor> weights,
      Map<String, String> facts,
      Map<String, String> metadata) {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata(metadata)
            .metadata("format", FORMAT)
            .metadata("architecture", shape.architecture())
            .metadata("settings", shape.settings().toString())
            .metadata("sizes", RecordBinder.tree(shape.sizes()).toString())
            .metadata("start", shape.start().name())
            .metadata("facts", JSON.valueToTree(facts).toString());
    if (!shape.stage().isEmpty()) {
      writer.metadata("stage", shape.stage());
    }
    weights.forEach(writer::add);
    writer.write(file);
  }

  static BrainEncoder read(Path file, String architecture, Function<NetworkShape, Layer> build) {
    try (Safetensors in = Safetensors.open(file)) {
      Map<String, String> metadata = in.metadata();
      if (!FORMAT.equals(metadata.get("format"))
          || !architecture.equals(metadata.get("architecture"))) {
        throw new CorruptDataException(
            "reading the network "
                + file
                + ": its format is '"
                + metadata.get("format")
                + "' of architecture '"
                + metadata.get("architecture")
                + "', expected '"
                + FORMAT
                + "' of '"
                + architecture
                + "'. Give a file that noesis train wrote, or train again.");
      }
      NetworkShape shape =
          new NetworkShape(
              architecture,
              JSON.readTree(metadata.getOrDefault("settings", "{}")),
              RecordBinder.bind(
                  JSON.readTree(metadata.getOrDefault("sizes", "{}")),
                  NetworkSizes.class,
                  file + ": sizes"),
              start(file, metadata.getOrDefault("start", Fitting.Start.RANDOM.name())),
              metadata.getOrDefault("stage", ""));
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (String name : in.names()) {
        weights.put(name, in.read(name));
      }
      Layer network = build.apply(shape);
      WeightNames.require(file, network, weights);
      Map<String, String> facts = new LinkedHashMap<>();
      JSON.readTree(metadata.getOrDefault("facts", "{}"))
          .properties()
          .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
      return new NetworkEncoder(shape, network, weights, facts);
    } catch (JsonProcessingException | RecipeException | IllegalArgumentException e) {
      throw new CorruptDataException(
          "reading the network "
              + file
              + ": its settings are damaged, or of another release of Noesis: train again. "
              + (e instanceof JsonProcessingException json
                  ? json.getOriginalMessage()
                  : e.getMessage()),
          e);
    }
  }

  private static Fitting.Start start(Path file, String name) {
    for (Fitting.Start start : Fitting.Start.values()) {
      if (start.name().equals(name)) {
        return start;
      }
    }
    throw new CorruptDataException(
        "reading the network "
            + file
            + ": it started from '"
            + name
            + "', expected RANDOM or RIDGE. Train again.");
  }
}
