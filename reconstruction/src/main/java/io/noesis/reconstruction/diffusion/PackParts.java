package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The graphs of a pack: each is loaded once, when it is first asked for, and closed once. */
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
      known = OnnxModel.open(pack.graph(role).file(), options);
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
    Optional<String> told = fact(name);
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
    long width = port.axes().get(port.rank() - 1).size();
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
    EmbeddingSpace.Scaling scaling =
        fact("embedding-scaling").orElse("raw").equals("unit")
            ? EmbeddingSpace.Scaling.UNIT
            : EmbeddingSpace.Scaling.RAW;
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

  @Override
  public void close() {
    order.forEach(OnnxModel::close);
  }
}
