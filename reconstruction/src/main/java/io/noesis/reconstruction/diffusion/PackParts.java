package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.run.ModelException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The graphs of a pack: each is loaded once, when it is first asked for, compared with what the
 * pack promises, and closed once.
 */
final class PackParts implements AutoCloseable {
  private final ModelPack pack;
  private final OnnxOptions options;
  private final Map<String, OnnxModel> loaded = new HashMap<>();
  private final Deque<OnnxModel> order = new ArrayDeque<>();
  private final Network network;

  PackParts(ModelPack pack, OnnxOptions options) {
    this.pack = pack;
    this.options = options;
    try {
      this.network = new Network(model("unet"));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  ModelPack pack() {
    return pack;
  }

  Network network() {
    return network;
  }

  /** The graph of a role; not to be closed by who asks. */
  OnnxModel model(String role) {
    OnnxModel known = loaded.get(role);
    if (known == null) {
      known = PackCheck.open(pack, role, options);
      loaded.put(role, known);
      order.push(known);
    }
    return known;
  }

  Optional<OnnxModel> optional(String role) {
    return pack.has(role) ? Optional.of(model(role)) : Optional.empty();
  }

  /** What the manifest states under {@code facts}. */
  Optional<String> fact(String name) {
    return pack.manifest().map(manifest -> manifest.facts().get(name));
  }

  /** A number among the facts. */
  double number(String name, double otherwise) {
    return number(pack, name, otherwise);
  }

  static double number(ModelPack pack, String name, double otherwise) {
    Optional<String> told = pack.manifest().map(manifest -> manifest.facts().get(name));
    try {
      return told.isEmpty() ? otherwise : Double.parseDouble(told.get());
    } catch (NumberFormatException e) {
      throw new ModelException(
          "opening the model pack "
              + pack.folder()
              + ": its fact '"
              + name
              + "' is '"
              + told.get()
              + "', expected a number. Mend "
              + ModelPack.MANIFEST
              + ".",
          e);
    }
  }

  /**
   * The space that the manifest declares, else one named after the input that takes it.
   *
   * @param input the network's input for embeddings; its last axis must have the space's dimension
   */
  EmbeddingSpace space(String input) {
    OnnxPort port = network.require(input);
    return space(input, port.axes().get(port.rank() - 1).size());
  }

  /** The same for an input that holds more than the embedding. */
  EmbeddingSpace space(String input, long width) {
    OnnxPort port = network.require(input);
    Optional<ModelSpace> told = pack.manifest().flatMap(ModelManifest::space);
    if (told.isPresent() && width >= 0 && width != told.get().dimension()) {
      throw new ModelException(
          "opening the model pack "
              + pack.folder()
              + ": its network takes '"
              + port
              + "', its manifest declares a space of "
              + told.get().dimension()
              + " numbers. They belong to different models.");
    }
    EmbeddingSpace.Scaling scaling = scaling(pack, "embedding-scaling");
    if (told.isPresent()) {
      ModelSpace space = told.get();
      return new EmbeddingSpace(space.model(), space.layer(), space.dimension(), scaling);
    }
    if (width <= 0) {
      throw new ModelException(
          "opening the model pack "
              + pack.folder()
              + ": neither its network's input '"
              + port
              + "' nor a manifest says how many numbers an embedding has. Declare a space in "
              + ModelPack.MANIFEST
              + ".");
    }
    return new EmbeddingSpace(
        String.valueOf(pack.folder().getFileName()), input, (int) width, scaling);
  }

  /** What is done to the length of embeddings, as a fact of the manifest says; raw without it. */
  static EmbeddingSpace.Scaling scaling(ModelPack pack, String name) {
    String told = pack.manifest().map(m -> m.facts().get(name)).orElse("raw");
    for (EmbeddingSpace.Scaling known : EmbeddingSpace.Scaling.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(told)) {
        return known;
      }
    }
    throw new ModelException(
        "opening the model pack "
            + pack.folder()
            + ": its fact '"
            + name
            + "' is '"
            + told
            + "', expected raw, unit or pooled. Mend "
            + ModelPack.MANIFEST
            + ".");
  }

  /** What stands in for an embedding in the unconditional half, as the pack carries it. */
  Tensor unconditional(String name, int... sizes) {
    try (Safetensors file = Safetensors.open(pack.file("unconditional.safetensors"))) {
      if (!file.names().contains(name)) {
        throw new ModelException(
            "using the model pack "
                + pack.folder()
                + ": its unconditional.safetensors has no '"
                + name
                + "', found "
                + file.names()
                + ". Export the model again.");
      }
      Tensor found = file.read(name);
      if (!Arrays.equals(found.shape().toArray(), sizes)) {
        throw new ModelException(
            "opening the model pack "
                + pack.folder()
                + ": its unconditional input '"
                + name
                + "' has the shape "
                + found.shape()
                + ", expected "
                + Arrays.toString(sizes)
                + ". Export the model again.");
      }
      return found;
    }
  }

  /** Whether an empty prompt means zeros instead of the embedding of an empty text. */
  boolean zerosForEmptyPrompt() {
    Path index = pack.folder().resolve("model_index.json");
    return Files.exists(index)
        ? Json.read(index).path("force_zeros_for_empty_prompt").asBoolean(false)
        : fact("force-zeros").orElse("").equalsIgnoreCase("true");
  }

  /** The side of its pictures, in pixels. */
  int pixels() {
    return UnetConfig.read(pack).side() * (pack.has("vae_decoder") ? pack.pixelsPerLatent() : 1);
  }

  @Override
  public void close() {
    order.forEach(OnnxModel::close);
  }
}
