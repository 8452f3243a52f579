package io.noesis.reconstruction.pack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.ingest.manifest.Dialect;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells the layouts apart, by their files and JSON. */
final class PackLayout {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LARGEST_JSON = 64L << 20;

  private PackLayout() {}

  static ModelPack detect(Path given) {
    if (!Files.isDirectory(given)) {
      throw refused(given, Files.exists(given) ? "it is not a folder" : "it does not exist");
    }
    Path folder = real(given);
    Optional<ModelManifest> manifest = manifest(folder);
    Dialect dialect = manifest.flatMap(ModelManifest::dialect).orElseGet(() -> guess(folder));
    String kind = manifest.map(ModelManifest::kind).orElse("clip");
    List<PackGraph> graphs;
    if (dialect == Dialect.NOESIS) {
      graphs = ours(folder, manifest);
    } else if (dialect == Dialect.TRANSFORMERS_JS) {
      graphs = towers(folder);
    } else {
      JsonNode index = json(inside(folder, "model_index.json"));
      kind = index.path("_class_name").asText(kind);
      graphs = pipeline(folder, dialect, kind, index);
    }
    if (graphs.isEmpty()) {
      throw refused(folder, "it names no graph");
    }
    return new ModelPack(folder, dialect, kind, graphs, manifest);
  }

  private static Optional<ModelManifest> manifest(Path folder) {
    Path file = inside(folder, ModelPack.MANIFEST);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Manifests.model(file.toString()));
    } catch (RecipeException e) {
      throw new ModelException("opening the model pack " + folder + ": " + e.getMessage(), e);
    }
  }

  private static Dialect guess(Path folder) {
    if (Files.exists(inside(folder, "model_index.json"))) {
      String name = json(inside(folder, "model_index.json")).path("_class_name").asText("");
      return name.startsWith("Onnx") ? Dialect.LEGACY_DIFFUSERS : Dialect.OPTIMUM;
    }
    if (Files.isDirectory(inside(folder, "onnx"))) {
      return Dialect.TRANSFORMERS_JS;
    }
    throw refused(
        folder, "it has no " + ModelPack.MANIFEST + ", no model_index.json and no folder onnx");
  }

  private static List<PackGraph> ours(Path folder, Optional<ModelManifest> manifest) {
    return manifest.map(ModelManifest::graphs).orElse(List.of()).stream()
        .map(
            graph ->
                new PackGraph(
                    graph.role(),
                    inside(folder, graph.path().toString()),
                    graph.inputs().stream().map(PortRule::of).toList(),
                    graph.outputs().stream().map(PortRule::of).toList()))
        .toList();
  }

  /** Every component of a pipeline that has a graph; tokenizer and sampler have none. */
  private static List<PackGraph> pipeline(
      Path folder, Dialect dialect, String kind, JsonNode index) {
    List<PackGraph> graphs = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : index.properties()) {
      JsonNode component = entry.getValue();
      boolean present = component.isArray() && component.size() == 2 && !component.get(0).isNull();
      if (!present || entry.getKey().startsWith("_")) {
        continue;
      }
      List<String> roles =
          entry.getKey().equals("vae")
              ? List.of("vae_encoder", "vae_decoder")
              : List.of(entry.getKey());
      for (String role : roles) {
        Path file = inside(folder, role + "/model.onnx");
        Contracts.of(dialect, kind, role, file).ifPresent(graphs::add);
      }
    }
    return graphs;
  }

  private static List<PackGraph> towers(Path folder) {
    List<PackGraph> graphs = new ArrayList<>();
    for (String role : List.of("vision", "text")) {
      for (String kind : List.of("", "_fp16", "_quantized")) {
        Path file = inside(folder, "onnx/" + role + "_model" + kind + ".onnx");
        if (Files.exists(file)) {
          Contracts.of(Dialect.TRANSFORMERS_JS, "clip", role, file).ifPresent(graphs::add);
          break;
        }
      }
    }
    return graphs;
  }

  /** The path below the folder; links are followed and may not lead out. */
  static Path inside(Path folder, String path) {
    try {
      Path file = folder.resolve(path).normalize();
      boolean within = file.startsWith(folder);
      if (within && Files.exists(file)) {
        within = file.toRealPath().startsWith(folder.toRealPath());
      }
      if (within) {
        return file;
      }
    } catch (IOException | InvalidPathException e) {
      throw refused(folder, "the path '" + path + "' cannot be read (" + e + ")");
    }
    throw refused(folder, "the path '" + path + "' leads outside of it");
  }

  static JsonNode json(Path file) {
    try {
      if (Files.size(file) > LARGEST_JSON) {
        throw refused(file, "it has " + Files.size(file) + " bytes, too many for a configuration");
      }
      return JSON.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ModelException(
          "opening the model pack: "
              + file
              + " cannot be read as JSON ("
              + Failure.reason(e)
              + "). Export or fetch the model again.",
          e);
    }
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw refused(folder, Failure.reason(e));
    }
  }

  private static ModelException refused(Path folder, String why) {
    return new ModelException(
        "opening the model pack "
            + folder
            + ": "
            + why
            + ". Expected a folder that optimum or a script of reconstruction/export wrote, or one"
            + " with a manifest "
            + ModelPack.MANIFEST
            + ".");
  }
}
